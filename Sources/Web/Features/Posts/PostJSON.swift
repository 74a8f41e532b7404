internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Posts in the API, written directly from the database result, because this is the API's busiest list.
enum PostJSON {
    static let schema = Schema.named(
        "Post",
        .object([
            .field("id", .id), .field("platform", .words("Platform", Platform.self)),
            .field("url", .nullable(.string(format: "uri"))),
            .field("caption", .string()), .field("postedAt", .time), .field("views", .count),
            .field("likes", .count), .field("comments", .count), .field("shares", .count),
            .field("engagementRate", .nullable(.number)), .field("measuredAt", .nullable(.time)),
            .field("account", account),
            .field("group", AccountGroupJSON.reference),
            .field("brand", BrandJSON.reference),
        ]))

    private static let account = Schema.named(
        "AccountReference",
        .object([.field("id", .id), .field("handle", .string()), .field("displayName", .string())]))

    static func write(_ page: Posts.Page, nextCursor: String?, to json: inout JSONWriter) {
        json.out.literal(#"{"items":"#)
        write(page, to: &json.out)
        json.out.literal(#","nextCursor":"#)
        if let nextCursor { json.out.json(nextCursor) } else { json.out.literal("null") }
        json.out.literal("}")
    }

    /// The posts as an array.
    static func write(_ page: Posts.Page, to out: inout ByteWriter) {
        out.literal("[")
        for index in 0..<page.count {
            if index > 0 { out.byte(UInt8(ascii: ",")) }
            write(page[index], to: &out)
        }
        out.literal("]")
    }

    private static func write(_ post: Posts.Post, to out: inout ByteWriter) {
        out.literal(#"{"id":""#)
        out.integer(post.id.number)
        out.literal(#"","platform":"#)
        out.json(post.platform)
        out.literal(#","url":"#)
        if let url = post.url { out.json(url) } else { out.literal("null") }
        out.literal(#","caption":"#)
        out.json(post.caption)
        out.literal(#","postedAt":"#)
        out.time(post.postedAt)
        writeNumbers(post, to: &out)
        out.literal(#","measuredAt":"#)
        if let time = post.measuredAt { out.time(time) } else { out.literal("null") }
        out.literal(#","account":{"id":""#)
        out.integer(post.account.number)
        out.literal(#"","handle":"#)
        out.json(post.handle)
        out.literal(#","displayName":"#)
        out.json(post.displayName)
        out.literal(#"},"group":{"id":""#)
        out.integer(post.group.number)
        out.literal(#"","name":"#)
        out.json(post.groupName)
        out.literal(#"},"brand":{"id":""#)
        out.integer(post.brand.number)
        out.literal(#"","name":"#)
        out.json(post.brandName)
        out.literal("}}")
    }

    private static func writeNumbers(_ post: Posts.Post, to out: inout ByteWriter) {
        out.literal(#","views":"#)
        out.integer(post.views)
        out.literal(#","likes":"#)
        out.integer(post.likes)
        out.literal(#","comments":"#)
        out.integer(post.comments)
        out.literal(#","shares":"#)
        out.integer(post.shares)
        out.literal(#","engagementRate":"#)
        out.rate(post.interactions, of: post.views)
    }
}

extension ByteWriter {
    /// A quotient with four decimals, without floating point; `null` if the divisor is 0.
    mutating func rate(_ part: Int64, of whole: Int64) {
        guard let rate = Quotient(part, dividedBy: whole, parts: 10_000) else { return literal("null") }
        integer(rate.whole)
        byte(UInt8(ascii: "."))
        var divisor: Int64 = 1_000
        while divisor > 0 {
            byte(UInt8(truncatingIfNeeded: 48 + rate.fraction / divisor % 10))
            divisor /= 10
        }
    }
}
