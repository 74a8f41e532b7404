internal import Formats

/// A short name for a user agent, for example `Firefox on Linux`.
///
/// The client chooses the text, so it helps to recognise a device and proves nothing.
enum DeviceName {
    /// In the order of search: most browsers also name the ones they descend from.
    private static let browsers: [(sign: String, name: String)] = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"),
        ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]
    private static let systems: [(sign: String, name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Macintosh", "Mac"), ("Linux", "Linux"),
    ]

    static func describe(_ userAgent: String) -> String {
        let browser = browsers.first { holds(userAgent, $0.sign) }?.name
        let system = systems.first { holds(userAgent, $0.sign) }?.name
        switch (browser, system) {
        case (let browser?, let system?): return "\(browser) on \(system)"
        case (let browser?, nil): return browser
        default: return program(userAgent)
        }
    }

    /// The first product of a program, for example `curl/8.5.0`.
    private static func program(_ userAgent: String) -> String {
        let first = userAgent.unicodeScalars.prefix { $0 != " " }.prefix(40)
        return first.isEmpty ? "Unknown device" : String(String.UnicodeScalarView(first))
    }

    private static func holds(_ text: String, _ sign: String) -> Bool {
        let (bytes, wanted) = (Array(text.utf8), Array(sign.utf8))
        guard bytes.count >= wanted.count else { return false }
        return (0...bytes.count - wanted.count).contains { bytes[$0...].starts(with: wanted) }
    }
}
