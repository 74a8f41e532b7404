internal import Formats

/// The caller's position in a distributed trace: W3C Trace Context, `traceparent`.
///
/// Only letters and digits, so it is safe in log lines.
package struct TraceParent: Equatable, Sendable {
    /// 32 digits, the same for all requests of the trace.
    package let trace: String
    /// 16 digits: the caller's span.
    package let parent: String

    /// Nil if the header is missing, repeated or invalid; an invalid header is ignored.
    package init?(_ headers: HeaderFields) {
        guard let value = headers.only("traceparent") else { return nil }
        self.init(value)
    }

    /// Format: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`.
    private init?(_ value: ArraySlice<UInt8>) {
        // Later versions may append more after another dash.
        guard value.count >= 55, value.count <= 512 else { return nil }
        let bytes = Array(value)
        let (version, trace, parent, flags) = (bytes[0..<2], bytes[3..<35], bytes[36..<52], bytes[53..<55])
        let dash = UInt8(ascii: "-")
        guard bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            [version, trace, parent, flags].allSatisfy({ $0.allSatisfy(\.isLowerHexDigit) }),
            bytes.count == 55 || (bytes[55] == dash && Array(version) != Array("00".utf8)),
            Array(version) != Array("ff".utf8), !trace.allSatisfy(\.isZeroDigit), !parent.allSatisfy(\.isZeroDigit)
        else { return nil }
        self.trace = String(decoding: trace, as: UTF8.self)
        self.parent = String(decoding: parent, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isLowerHexDigit: Bool { (48...57).contains(self) || (97...102).contains(self) }
    fileprivate var isZeroDigit: Bool { self == 48 }
}
