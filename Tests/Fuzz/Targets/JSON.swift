@testable import Domain
@testable import Formats
@testable import HTTP
@testable import Web

extension FuzzTarget {
    static let json = FuzzTarget("json") { bytes in
        do throws(JSONSyntaxError) {
            let value = try JSONParser.parse(bytes)
            check(isUTF8(bytes), "a document is UTF-8")
            inspect(value, depth: 0)
            var out = ByteWriter()
            write(value, to: &out)
            let again = try JSONParser.parse(out.finish().array)
            check(again == value, "a document that is written is read as the same")
        } catch {
            check((0...bytes.count).contains(error.offset), "a fault is within the document")
        }
    }

    private static func inspect(_ value: JSONValue, depth: Int) {
        check(depth <= JSONParser.maximalDepth, "a document has at most 32 levels")
        switch value {
        case .object(let members):
            check(Set(members.map(\.name.bytes)).count == members.count, "a name comes once")
            for member in members {
                check(!member.name.utf8.contains(0), "no text has U+0000")
                check(value[member.name] != nil, "a member is found by its name")
                inspect(member.value, depth: depth + 1)
            }
        case .array(let items): for item in items { inspect(item, depth: depth + 1) }
        case .string(let text): check(!text.utf8.contains(0), "no text has U+0000")
        case .number(let number):
            if let whole = number.int64 { check("\(whole)" == number.text, "a whole number has one spelling") }
            if let double = number.double { check(double.isFinite, "no number is infinite") }
        case .bool, .null: break
        }
    }

    private static func write(_ value: JSONValue, to out: inout ByteWriter) {
        switch value {
        case .object(let members):
            out.byte(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.byte(UInt8(ascii: ",")) }
                out.json(member.name)
                out.byte(UInt8(ascii: ":"))
                write(member.value, to: &out)
            }
            out.byte(UInt8(ascii: "}"))
        case .array(let items):
            out.byte(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out.byte(UInt8(ascii: ",")) }
                write(item, to: &out)
            }
            out.byte(UInt8(ascii: "]"))
        case .string(let text): out.json(text)
        case .number(let number): out.raw(number.text)
        case .bool(let flag): out.raw(flag ? "true" : "false")
        case .null: out.raw("null")
        }
    }
}
