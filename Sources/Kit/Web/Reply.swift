import Forms
import Foundation
import HTML
import HTTPTypes
import NIOCore
import UI

/// What a handler answers: the same value becomes a page or 303 for a browser and JSON for a program.
public enum Reply: Sendable {
    /// 200: a page, or its data.
    case show(page: @Sendable () throws -> any Page, json: @Sendable () throws -> [UInt8])
    /// 201 with JSON, or 303 to `at` with one line of news.
    case created(json: [UInt8], at: WebPath, flash: Flash?)
    /// 200 with JSON, or 303 to `at` with one line of news.
    case done(json: [UInt8], at: WebPath, flash: Flash?)
    /// 202 with JSON, or 303: it will be looked at, and nothing is said about how that ends.
    case accepted(json: [UInt8], at: WebPath)
    /// 422 with the page as it was typed, or 400 with the problems.
    case refused(page: @Sendable () throws -> any Page, [FieldProblem])
    /// 409 with a page that lets people merge, or the failure.
    case conflict(page: @Sendable () throws -> any Page, Failure)
    /// The failure's status with a page that keeps what was typed, or the failure.
    case failed(page: @Sendable () throws -> any Page, Failure)
    /// 303, the same for everyone.
    case redirect(WebPath)
    /// 303 (at a program's address 302) to somebody else's address, which a handler made of what the company has configured and never of
    /// what a request said.
    case leave(SafeURL)
    /// Bytes with their type, such as a photo or CSV.
    case file(FileReply)
    /// 204 for programs, 303 for browsers.
    case gone(at: WebPath, flash: Flash?)
    /// 101: the connection speaks another protocol from now on.
    case switched(ProtocolSwitch)
    /// Any of the above, with cookies for browsers.
    indirect case withCookies(Reply, [String])
    /// Any of the above, not for search engines.
    indirect case unlisted(Reply)
    /// Any of the above, at an address that is a secret itself: no search engine, cache or other site gets to know it.
    indirect case secret(Reply)
}

/// Bytes for download or display.
public struct FileReply: Sendable {
    public enum Content: Sendable {
        case bytes([UInt8])
        case stream(@Sendable (_ write: @Sendable (ByteBuffer) async throws -> Void) async throws -> Void)
    }

    public var content: Content
    public var type: String
    public var etag: String?
    /// Seconds a private cache may keep it without asking; nil means it must always ask.
    public var maxAge: Int?
    /// The same for everybody, so that any cache may keep it.
    public var isPublic = false
    /// Set for downloads; the name is sent as RFC 6266 demands.
    public var filename: String?

    public init(_ content: Content, type: String, etag: String? = nil, maxAge: Int? = nil, filename: String? = nil) {
        self.content = content
        self.type = type
        self.etag = etag
        self.maxAge = maxAge
        self.filename = filename
    }
}

extension Reply {
    /// A page and its data; each is made only when it is asked for.
    public static func show(
        _ page: @autoclosure @escaping @Sendable () throws -> any Page,
        json: @autoclosure @escaping @Sendable () throws -> some Encodable
    ) -> Reply {
        .show(page: page, json: { try JSON.encode(json()) })
    }

    /// A page that programs have no use for; its route answers on `.page` only.
    public static func page(_ page: @autoclosure @escaping @Sendable () throws -> any Page) -> Reply {
        .show(page: page, json: { throw Failure.notFound })
    }

    public static func created(_ json: some Encodable, at path: WebPath, flash: Flash? = nil) throws -> Reply {
        .created(json: try JSON.encode(json), at: path, flash: flash)
    }

    public static func done(_ json: some Encodable, at path: WebPath, flash: Flash? = nil) throws -> Reply {
        .done(json: try JSON.encode(json), at: path, flash: flash)
    }
}

extension Reply {
    public static func accepted(_ json: some Encodable, at path: WebPath) throws -> Reply {
        .accepted(json: try JSON.encode(json), at: path)
    }
}

/// JSON as Portico writes it: camelCase as the types say, RFC 3339 times in UTC, keys sorted so that equal things are equal bytes.
public enum JSON {
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}

/// `{items, nextCursor, total}`: how every list answers programs.
public struct ListJSON<Item: Encodable & Sendable>: Encodable, Sendable {
    public var items: [Item]
    public var nextCursor: String?
    public var total: Int

    public init(items: [Item], nextCursor: String?, total: Int) {
        self.items = items
        self.nextCursor = nextCursor
        self.total = total
    }
}
