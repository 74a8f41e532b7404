package import Formats
internal import HTTP

/// The properties of a row, beside its address and access.
extension Endpoint {
    package func takes(_ parameters: [ParameterDescription]) -> Endpoint {
        var copy = self
        copy.parameters += parameters
        return copy
    }

    package func takesBody(_ schema: Schema, limit: Int? = nil) -> Endpoint {
        var copy = self
        copy.input = schema
        if let limit { copy.bodyLimit = limit }
        return copy
    }

    package func explained(_ text: StaticString) -> Endpoint {
        var copy = self
        copy.explanation = text
        return copy
    }

    package func withEffect() -> Endpoint {
        var copy = self
        copy.hasEffect = true
        return copy
    }

    package func conflicts() -> Endpoint {
        var copy = self
        copy.mayConflict = true
        return copy
    }

    package func takesVersion() -> Endpoint {
        var copy = self
        copy.version = .always
        return copy
    }

    package func mayTakeVersion() -> Endpoint {
        var copy = self
        copy.version = .optional
        return copy
    }

    package func uncounted() -> Endpoint {
        var copy = self
        copy.limit = .none
        return copy
    }

    package func limitedAsSignIn() -> Endpoint {
        var copy = self
        copy.limit = .signIn
        return copy
    }

    /// A request may come without the body.
    func mayTakeBody(_ schema: Schema, limit: Int) -> Endpoint {
        var copy = takesBody(schema, limit: limit)
        copy.isInputOptional = true
        return copy
    }

    /// A client that asks for JSON gets this instead of a redirect.
    func orJSON(_ schema: Schema) -> Endpoint {
        var copy = self
        copy.answerAsJSON = schema
        return copy
    }

    /// A successful response has the version as its `ETag`.
    func versioned() -> Endpoint {
        var copy = self
        copy.isVersioned = true
        return copy
    }

    /// Also has these error statuses.
    func fails(_ failures: [(Int, StaticString)]) -> Endpoint {
        var copy = self
        copy.ownFailures += failures.map { (status: $0.0, description: $0.1) }
        return copy
    }
}
