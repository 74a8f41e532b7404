internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Deletion in the API of objects that may contain others.
enum Deletions {
    static let cascade = QueryParameter<Bool>.flag(
        "cascade", "`true` deletes its contents as well; otherwise a non-empty object is a 409")
}

extension Call {
    func delete(_ target: Deletion.Target, in access: GuildAccess) async throws -> Response {
        let consent: Deletion.Consent = try query(Deletions.cascade) == true ? .toEverything : .toNothingElse
        let versions = try IfMatch.versions(ifSaid: request)
        try await Deletion.delete(target, versions, consent, from: origin, in: access, database)
        return Response(status: 204)
    }
}

extension Endpoint {
    func deletes() -> Endpoint {
        takes([Deletions.cascade.description]).mayTakeVersion().conflicts().explained(
            """
            If it is not empty, the response is a 409 whose `inTheWay` counts the groups, accounts and posts. With \
            `cascade=true` all of it is deleted in one transaction, and the audit log keeps the counts. A repeat is a 404.
            """)
    }
}
