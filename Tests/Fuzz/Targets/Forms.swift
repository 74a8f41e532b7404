@testable import Domain
@testable import Formats
@testable import HTTP
@testable import Web

extension FuzzTarget {
    static let forms = FuzzTarget("forms") { bytes in
        do throws(FormSyntaxError) {
            let form = try FormFields.parse(bytes, maxFields: 50)
            check(form.fields.count <= 50, "a form has at most as many fields as it may")
            check(form.fields.allSatisfy { !$0.name.utf8.contains(0) && !$0.value.utf8.contains(0) }, "no U+0000")
            let again = try FormFields.parse(form.query.bytes, maxFields: 50)
            check(again == form, "a form that is written is read as the same")
            for field in form.fields.prefix(3) {
                check(form[field.name] != nil, "a field is found by its name")
                let isOnce = form.all(field.name).count == 1
                check(((try? form.single(field.name)) != nil) == isOnce, "a single field comes once")
            }
        } catch {
            check(!error.message.isEmpty, "a form is refused with a reason")
        }
    }

    /// Paths through the table of endpoints, and the values of query parameters.
    static let routes = FuzzTarget("routes") { bytes in
        var input = Input(bytes)
        let path = text(input.line())
        for method in Request.Method.allCases {
            guard case .found(let index, let holes) = router.match(method, path) else { continue }
            let endpoint = endpoints[index]
            var values = holes.makeIterator()
            let again = endpoint.pieces.map { piece in
                if case .fixed(let word) = piece { word } else { values.next().map(String.init) ?? "" }
            }
            check(endpoint.method == method, "an endpoint is found for its method")
            check("/" + again.joined(separator: "/") == path, "a path is its template with the holes filled")
            var parts = PartReader(holes)
            if !holes.isEmpty, let guild = try? parts.next(GuildID.self) {
                check(guild.description.hasSameBytes(as: String(holes[0])), "an id has one spelling")
            }
        }
        _ = router.methods(path)
        parseParameters(text(input.all()))
    }

    private static let endpoints = Endpoints.all(isDemo: true)
    private static let router = Router(endpoints)

    private static func parseParameters(_ text: String) {
        if let limit = Paging.limit.parse(text) { check((1...100).contains(limit), "a limit is from 1 to 100") }
        if let cursor = Paging.cursor.parse(text) { check(!cursor.holdsControlCharacter(), "a cursor is one line") }
        let day = QueryParameter<CalendarDay>.day("from", "").parse(text)
        if let day { check(day.iso8601.hasSameBytes(as: text), "a day has one spelling") }
        let platform = QueryParameter<Platform>.word("platform", "").parse(text)
        if let platform { check(platform.rawValue.hasSameBytes(as: text), "a word has one spelling") }
        let flag = QueryParameter<Bool>.flag("is", "").parse(text)
        if let flag { check("\(flag)".hasSameBytes(as: text), "a flag has one spelling") }
        if let path = ReturnPath(text) {
            check(
                !path.description.contains("//") && !path.description.contains("\\"), "a return path stays on this site"
            )
            check(path.description.utf8.first == UInt8(ascii: "/"), "a return path begins with a slash")
        }
    }
}
