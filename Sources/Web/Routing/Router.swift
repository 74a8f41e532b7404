internal import Formats
internal import HTTP

/// Finds the endpoint of a path.
///
/// A tree by segment, so the cost does not grow with the number of routes.
struct Router: Sendable {
    private struct Node: Sendable {
        var fixed: [String: Int] = [:]
        var parameter: Int?
        var endpoints: [Request.Method: Int] = [:]
    }
    private var nodes = [Node()]

    enum Match {
        case found(Int, [Substring])
        /// The path exists, but only for these methods.
        case otherMethods([Request.Method])
        case none
    }

    init(_ endpoints: [Endpoint]) {
        for (index, endpoint) in endpoints.enumerated() {
            var node = 0
            for piece in endpoint.pieces { node = child(of: node, piece) }
            precondition(nodes[node].endpoints[endpoint.method] == nil, "\(endpoint.template) is declared twice")
            nodes[node].endpoints[endpoint.method] = index
        }
    }

    private mutating func child(of node: Int, _ piece: PathPiece) -> Int {
        let known: Int? =
            switch piece {
            case .fixed(let word): nodes[node].fixed[word]
            case .parameter: nodes[node].parameter
            }
        if let known { return known }
        nodes.append(Node())
        switch piece {
        case .fixed(let word): nodes[node].fixed[word] = nodes.count - 1
        case .parameter: nodes[node].parameter = nodes.count - 1
        }
        return nodes.count - 1
    }

    /// The methods of a path; empty if it does not exist.
    func methods(_ path: String) -> [Request.Method] {
        switch match(.options, path) {
        case .found: Request.Method.allCases.filter { if case .found = match($0, path) { true } else { false } }
        case .otherMethods(let methods): methods
        case .none: []
        }
    }

    /// Segments are compared as sent: an escaped letter makes another path.
    func match(_ method: Request.Method, _ path: String) -> Match {
        var node = 0
        var pathParameters: [Substring] = []
        if path != "/" {
            let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard segments.count > 1, segments[0].isEmpty else { return .none }
            for segment in segments.dropFirst() {
                if let next = nodes[node].fixed[String(Substring(segment))] {
                    node = next
                } else if let next = nodes[node].parameter {
                    pathParameters.append(Substring(segment))
                    node = next
                } else {
                    return .none
                }
            }
        }
        if let index = nodes[node].endpoints[method] { return .found(index, pathParameters) }
        let others = nodes[node].endpoints.keys.sorted { $0.rawValue < $1.rawValue }
        return others.isEmpty ? .none : .otherMethods(others)
    }
}
