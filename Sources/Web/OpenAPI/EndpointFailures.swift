internal import Domain
internal import Formats
internal import HTTP

extension Endpoint {
    /// The error statuses of the endpoint, each once.
    var failures: [(Int, String)] {
        let all = authenticationFailures + inputFailures + ownFailures.map { ($0.status, $0.description.description) }
        var seen: Set<Int> = []
        return all.filter { seen.insert($0.0).inserted }.sorted { $0.0 < $1.0 }
    }

    private var authenticationFailures: [(Int, String)] {
        var list: [(Int, String)] = []
        if access != .anyone { list.append((401, "Not signed in")) }
        if case .key = access {
            list += [(403, "The key lacks the scope"), (404, "Another server than the key's, or not registered")]
        }
        if case .guild(let rule) = access {
            let refusal = rule.guestRefusal == nil ? "The level is too low" : "The level is too low, or a guest's"
            list += [(403, refusal), (404, "Unknown, or not visible")]
        }
        if access == .signedIn, !pathParameters.isEmpty { list.append((404, "Unknown, or not yours")) }
        if method != .get { list.append((403, "Sent by another site")) }
        if hasEffect { list.append((403, "Embedded in a page of another site")) }
        if limit == .signIn || limit == .user && access != .anyone { list.append((429, "Too many requests")) }
        return list
    }

    private var inputFailures: [(Int, String)] {
        var list = [
            (400, "Malformed"), (414, "The address is too long"), (431, "The header is too large"),
            (503, "The database is unreachable, or the service is overloaded"),
        ]
        if mayConflict || input != nil || takesIdempotencyKey, case .guild = access {
            list.append((409, "Conflicts with the current state"))
        }
        if input != nil {
            list += [
                (413, "Too large"), (415, "Not JSON in UTF-8"), (422, "Invalid fields"),
                (429, "The bodies of this network are too large together"),
            ]
        }
        if parameters.contains(where: { $0.name.isSame(as: "from") }) { list.append((422, "`from` is after `to`")) }
        if takesIdempotencyKey { list.append((422, "The Idempotency-Key was used for another request")) }
        if version != .never { list.append((412, "Changed in the meantime")) }
        if version == .always { list.append((428, "If-Match is missing")) }
        return list
    }
}
