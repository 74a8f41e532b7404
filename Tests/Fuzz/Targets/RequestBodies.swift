internal import Persistence
@testable import Domain
@testable import Formats
@testable import HTTP
@testable import Web

extension FuzzTarget {
    /// Everything that endpoints read from a body of JSON, and the claims and answers that come as JSON.
    static let requestBodies = FuzzTarget("request-bodies") { bytes in
        guard let json = try? JSONParser.parse(bytes) else { return }
        read { _ = try AccountJSON.readInput(json) }
        for platform in Platform.allCases { read { _ = try AccountJSON.readChange(json, on: platform) } }
        read { _ = try AccountGroupJSON.readInput(json) }
        read { _ = try AccountGroupJSON.readChange(json) }
        read { _ = try BrandJSON.readInput(json) }
        read { _ = try BrandJSON.readChange(json) }
        read { _ = try APIKeyJSON.read(json) }
        read { _ = try APIKeyJSON.readOverlap(json) }
        read { _ = try GuestJSON.read(json) }
        read { _ = try BotJSON.readHeartbeat(json) }
        read { _ = try BotJSON.readGuild(json) }
        read { _ = try BotJSON.readQueue(json) }
        read { try readEveryRule(json) }
    }

    private static func read(_ body: () throws -> Void) {
        do { try body() } catch {
            guard case .invalid(let complaints)? = error as? Rejection else {
                fatalError("a body is refused as \(error)")
            }
            check((1...ObjectReader.maximalComplaints).contains(complaints.count), "1 to 20 complaints are made")
        }
    }

    private static func readEveryRule(_ json: JSONValue) throws(Rejection) {
        _ = try ObjectReader.read(json) { fields -> Bool? in
            let line = fields.required("line", .text(.line(20)))
            let lines = fields.optional("lines", .text(.lines(50)))
            let number = fields.given("number", .integer(in: -5...5))
            let flag = fields.ifGiven("flag", .boolean)
            _ = fields.optional("time", .timestamp)
            _ = fields.optional("day", .day)
            _ = fields.optional("word", .choice(Platform.self))
            _ = fields.optional("id", .identifier(GuildID.self))
            let list = fields.optional("list", .list(of: .integer(in: 0...9), count: 1...3))
            _ = fields.optional("object", .object { inner in inner.required("a", .list(of: .boolean, count: 0...9)) })
            fields.pass(over: ["passed"])
            if let line { check(!line.isEmpty && !line.holdsControlCharacter(), "a line is text") }
            if let lines { check(!lines.holdsControlCharacter(except: [9, 10]), "lines are text") }
            if let number = number.value { check((-5...5).contains(number), "a number is in its range") }
            if let list { check((1...3).contains(list.count), "a list has as many items as it may") }
            return line == nil ? nil : flag ?? false
        }
    }
}
