internal import Domain
internal import Formats
/// Values in PostgreSQL's binary format, one after the other in a reused buffer.
struct ParameterEncoder {
    private(set) var bytes: [UInt8] = []
    /// The range of each value; nil for NULL.
    private(set) var ranges: [Range<Int>?] = []

    mutating func encode(_ values: [SQLValue]) {
        bytes.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        for value in values {
            let start = bytes.count
            ranges.append(append(value) ? start..<bytes.count : nil)
        }
    }

    private mutating func append(_ value: SQLValue) -> Bool {
        switch value {
        case .null: return false
        case .boolean(let flag): bytes.append(flag ? 1 : 0)
        case .bytes(let value): bytes += value
        case .integer(let number): append(number)
        case .text(let text): bytes += text.utf8
        case .double(let number): append(number.bitPattern)
        case .timestamp(let time): append(time.microseconds.saturatingSubtract(Rows.epochOffset))
        case .texts(let texts): appendArray(of: SQLType.text, texts) { $0.bytes += $1.utf8 }
        case .integers(let numbers): appendArray(of: SQLType.integer, numbers) { $0.append($1) }
        }
        return true
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bytes += $0 }
    }

    /// One dimension, lower bound 1, no NULLs; each element is preceded by its length.
    private mutating func appendArray<Element>(
        of type: SQLType, _ elements: [Element], _ appendElement: (inout ParameterEncoder, Element) -> Void
    ) {
        append(Int32(1))
        append(Int32(0))
        append(type.rawValue)
        append(Int32(elements.count))
        append(Int32(1))
        for element in elements {
            let start = bytes.count
            append(Int32(0))
            appendElement(&self, element)
            let length = Int32(bytes.count - start - 4).bigEndian
            unsafe withUnsafeBytes(of: length) { source in
                for index in 0..<4 { bytes[start + index] = unsafe source[index] }
            }
        }
    }
}
