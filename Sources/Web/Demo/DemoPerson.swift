internal import Domain

/// The people of demo mode, and what Discord would say of them. Their guilds are those of the sample data.
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
        DemoPerson(id: "100000000000000001", username: "ada", name: "Ada", role: "x", guilds: []),
    ]
}
