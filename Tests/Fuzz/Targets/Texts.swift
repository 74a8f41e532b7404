@testable import Domain
@testable import Formats
@testable import HTTP

extension FuzzTarget {
    /// Handles, profile addresses, names and notes: cleaning twice is cleaning once.
    static let texts = FuzzTarget("texts") { bytes in
        let text = text(bytes)
        for platform in Platform.allCases { cleansOnce(text) { try AccountHandle.clean($0, on: platform) } }
        cleansOnce(text) { try TrackedText.name($0) }
        cleansOnce(text) { try TrackedText.displayName($0) }
        cleansOnce(text) { try TrackedText.notes($0) }
        cleansOnce(text) { try ProfileAddress.clean($0) }
        if let address = try? ProfileAddress.clean(text) {
            check(
                address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\".utf8.contains($0) }, "addresses are plain"
            )
        }
        let rule = TextRule(length: 2...9, maximalBytes: 20, hasLines: bytes.first == 0)
        if let cleaned = try? rule.clean(bytes) {
            check(isUTF8(bytes) && (2...9).contains(cleaned.unicodeScalars.count), "a text is as long as it may be")
            check(cleaned.utf8.count <= 20 && !cleaned.holdsControlCharacter(except: [9, 10]), "a text is text")
        }
    }

    private static func cleansOnce(_ text: String, _ clean: (String) throws -> String) {
        guard let once = try? clean(text) else { return }
        check(!once.holdsControlCharacter(except: [9, 10]), "a text has no control characters")
        check((try? clean(once)).map { $0.hasSameBytes(as: once) } ?? false, "cleaning twice is cleaning once")
    }
}
