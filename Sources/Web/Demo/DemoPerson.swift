internal import Domain
internal import Formats
internal import HTTP

/// The people of demo mode, and their data at Discord.
///
/// Their guilds are those of the sample data.
struct DemoPerson: Sendable {
    struct Guild: Sendable {
        let id: String
        let name: String
        let isOwner: Bool
        let permissions: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.string("id", id)
                json.string("name", name)
                json.string("icon", nil)
                json.boolean("owner", isOwner)
                json.string("permissions", permissions)
            }
        }
    }

    let id: String
    let username: String
    let name: String
    let role: StaticString
    var isVerified = true
    let guilds: [Guild]

    static func find(_ id: String) -> DemoPerson? { all.first { $0.id == id } }

    func write(to json: inout JSONWriter) {
        json.string("id", id)
        json.string("username", username)
        json.string("global_name", name)
        json.string("avatar", nil)
        json.string("discriminator", "0")
        json.string("locale", "en-GB")
        json.string("email", "\(username)@demo.invalid")
        json.boolean("verified", isVerified)
    }
}

extension DemoPerson {
    static let all = [
        DemoPerson(
            id: "100000000000000001", username: "ada", name: "Ada", role: "Owns two servers, admin of two more",
            guilds: [
                Guild(id: "200000000000000001", name: "Northlight Creators", isOwner: true, permissions: "8"),
                Guild(id: "200000000000000002", name: "Casa Verde Kollektiv", isOwner: false, permissions: "68640"),
                Guild(id: "200000000000000003", name: "Tiny Lantern Studio", isOwner: true, permissions: "8"),
                Guild(id: "200000000000000004", name: "Retro Pixel Club", isOwner: false, permissions: "8"),
                Guild(id: "200000000000000006", name: "Sunday Book Circle", isOwner: false, permissions: "68640"),
            ]),
        DemoPerson(
            id: "100000000000000002", username: "bob", name: "Bob",
            role: "Member of one server, may look but not change",
            guilds: [
                Guild(id: "200000000000000001", name: "Northlight Creators", isOwner: false, permissions: "68608")
            ]),
        DemoPerson(
            id: "100000000000000003", username: "charlie", name: "Charlie", role: "Owns another customer's server",
            guilds: [Guild(id: "200000000000000005", name: "Harbor & Pine", isOwner: true, permissions: "8")]),
        DemoPerson(
            id: "100000000000000004", username: "dana", name: "Dana", role: "Has not verified an e-mail address",
            isVerified: false, guilds: []),
    ]
}
