internal import Formats
internal import HTTP
internal import Web

/// The result of one check, and its remedy.
struct Finding: Sendable {
    enum Health: String, Sendable {
        case good, warning, bad

        var mark: String {
            switch self {
            case .good: "ok  "
            case .warning: "note"
            case .bad: "BAD "
            }
        }
    }

    let subject: String
    let health: Health
    let text: String
    let advice: String?

    static func good(_ subject: String, _ text: String) -> Finding {
        Finding(subject: subject, health: .good, text: text, advice: nil)
    }

    static func warning(_ subject: String, _ text: String, _ advice: String? = nil) -> Finding {
        Finding(subject: subject, health: .warning, text: text, advice: advice)
    }

    static func bad(_ subject: String, _ text: String, _ advice: String) -> Finding {
        Finding(subject: subject, health: .bad, text: text, advice: advice)
    }

    var line: String {
        let first = "\(health.mark)  \(subject): \(text)"
        return advice.map { first + "\n      \($0)" } ?? first
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.string("subject", subject)
            json.string("health", health.rawValue)
            json.string("text", text)
            json.string("advice", advice)
        }
    }
}
