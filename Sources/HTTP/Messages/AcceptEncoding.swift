internal import Formats

extension HeaderFields {
    /// `gzip` or `*` in `Accept-Encoding`, unless with a quality of nought (RFC 9110, 12.5.3).
    var acceptsGzip: Bool {
        guard let accepted = only("accept-encoding") else { return false }
        for entry in accepted.split(separator: UInt8(ascii: ",")) {
            let parts = String(decoding: entry, as: UTF8.self).split(separator: ";")
            let coding = (parts.first?.filter { $0 != " " } ?? "").lowercased()
            guard coding == "gzip" || coding == "*" else { continue }
            let quality = parts.dropFirst().first?.filter { $0 != " " } ?? ""
            return !["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(quality)
        }
        return false
    }
}
