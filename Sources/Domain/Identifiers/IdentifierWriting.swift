package import Formats

extension JSONWriter {
    /// An id, as a string.
    package mutating func id(_ name: StaticString, _ id: (some Identifier)?) { self.id(name, id?.number) }
}
