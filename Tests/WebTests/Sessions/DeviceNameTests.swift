import Domain
import Formats
import Testing

@testable import Web

@Suite struct `The name of a device` {
    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            "Safari on iPhone"
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge on Windows"
        ),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/17 Safari/605", "Safari on Mac"),
        ("python-httpx/0.27.0", "python-httpx/0.27.0"), ("curl/8.5.0 and more", "curl/8.5.0"),
        ("Firefox/128.0", "Firefox"), ("", "Unknown device"), (" ", "Unknown device"),
    ])
    func `names the browser and the system`(userAgent: String, name: String) {
        #expect(DeviceName.describe(userAgent) == name)
    }

    @Test func `is short for any user agent`() {
        #expect(DeviceName.describe(String(repeating: "x", count: 500)).utf8.count == 40)
    }
}
