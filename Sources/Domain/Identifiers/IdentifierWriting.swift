package import Formats

extension JSONWriter {
    /// An id, as a string.
    ///
    /// Apart from the optional one, since an optional of a generic type costs a look-up of its metadata at each call.
    package mutating func id(_ name: StaticString, _ id: some Identifier) { self.id(name, id.number) }

    /// An id, as a string, or null.
    package mutating func id(_ name: StaticString, _ id: (some Identifier)?) { self.id(name, id?.number) }
}
