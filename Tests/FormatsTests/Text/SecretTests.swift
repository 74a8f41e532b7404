import Formats
import Testing

@Suite struct `A secret` {
    private struct Application { let secret: Secret }

    @Test func `is hidden by each way to print it`() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(Application(secret: secret), to: &dumped)
        let shown = ["\(secret)", String(reflecting: secret), "\(Application(secret: secret))", "\([secret])", dumped]
        for text in shown { #expect(!text.contains("hunter2") && text.contains("•••"), "\(text)") }
        #expect(secret.exposed == "hunter2" && secret.bytes == Array("hunter2".utf8))
    }
}
