internal import Formats
internal import HTTP

/// Metrics in Prometheus' text format, version 0.0.4.
struct MetricsWriter: ~Copyable {
    enum Kind: String { case counter, gauge, histogram }
    typealias Label = (name: StaticString, value: String)

    static let mediaType: StaticString = "text/plain; version=0.0.4; charset=utf-8"

    private var out = ByteWriter(capacity: 65_536)
    private var family: StaticString = ""

    consuming func finish() -> Bytes { out.finish() }

    /// Begins the samples of one metric.
    mutating func begin(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
        family = name
        out.literal("# HELP ")
        out.literal(name)
        out.literal(" ")
        out.literal(help)
        out.literal("\n# TYPE ")
        out.literal(name)
        out.raw(" \(kind.rawValue)\n")
    }

    mutating func sample(_ value: some BinaryInteger, _ labels: Label..., suffix: StaticString = "") {
        start(labels, suffix)
        out.integer(Int64(clamping: value))
        out.literal("\n")
    }

    /// In seconds.
    mutating func sample(microseconds: Int64, _ labels: Label..., suffix: StaticString = "") {
        start(labels, suffix)
        out.integer(microseconds / 1_000_000)
        let fraction = String(microseconds % 1_000_000)
        out.literal(".")
        for _ in fraction.utf8.count..<6 { out.literal("0") }
        out.raw(fraction)
        out.literal("\n")
    }

    private mutating func start(_ labels: [Label], _ suffix: StaticString) {
        out.literal(family)
        out.literal(suffix)
        for (index, label) in labels.enumerated() {
            out.literal(index == 0 ? "{" : ",")
            out.literal(label.name)
            out.literal("=\"")
            escape(label.value)
            out.literal("\"")
        }
        out.literal(labels.isEmpty ? " " : "} ")
    }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): out.literal(#"\\"#)
            case UInt8(ascii: "\""): out.literal(#"\""#)
            case UInt8(ascii: "\n"): out.literal(#"\n"#)
            default: out.byte(byte)
            }
        }
    }
}
