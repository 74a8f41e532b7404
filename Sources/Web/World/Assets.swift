internal import Domain
internal import Formats
package import HTTP

/// The stylesheet, scripts and images that are part of the binary, under a name that changes with their content.
package struct Assets: Sendable {
    private struct Asset: Sendable {
        let type: StaticString
        let bytes: Bytes
    }
    private let files: [String: Asset]
    /// Computed from all files together, since scripts name each other.
    package let fingerprint: String

    package init() {
        var files: [String: Asset] = [:]
        var all: [UInt8] = []
        for file in EmbeddedFile.all {
            guard let type = Self.type(of: file.name) else { continue }
            let bytes = Bytes(file.text)
            files[file.name] = Asset(type: type, bytes: bytes)
            all += bytes.array
        }
        self.files = files
        fingerprint = String(Base64URL.encode(Crypto.sha256(all)).prefix(12))
    }

    package func link(_ name: StaticString) -> Link { Link(text: "/assets/\(fingerprint)/\(name)") }

    /// Immutable: changed content gets another address.
    func response(fingerprint: Substring, name: Substring) -> Response? {
        guard let asset = files[String(name)] else { return nil }
        var response = Response.text(200, asset.type, asset.bytes)
        let isCurrent = fingerprint == self.fingerprint
        response.add("Cache-Control", isCurrent ? "public, max-age=31536000, immutable" : "no-cache")
        return response
    }

    private static func type(of name: String) -> StaticString? {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: nil
        }
    }
}
