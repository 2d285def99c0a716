import Forms
import Foundation
import HTML
import HTTPTypes
import Hummingbird
import NIOCore
import UI

/// Turns a reply into bytes for the face that asked.
enum Answer {
    static func response(
        to reply: Reply, _ request: Hummingbird.Request, _ context: some Ground, view: () -> View
    ) throws -> Response {
        var response = try context.arrival.face == .api ? json(reply, request, context) : page(reply, request, context, view)
        if context.visitIsNew, let visit = context.visit {
            response.headers.append(
                HTTPField(name: .setCookie, value: context.house.cookies.header(CookieName.visit, visit, maxAge: 86_400)))
        }
        // A flash is shown on the next full page and then forgotten.
        if context.flash != nil, response.status.code < 300 {
            response.headers.append(HTTPField(name: .setCookie, value: context.house.cookies.expired(CookieName.flash)))
        }
        return response
    }

    private static func unlisted(_ response: Response) -> Response {
        var response = response
        response.headers[Headers.robots] = "noindex, nofollow"
        return response
    }

    private static func hidden(_ response: Response) -> Response {
        var response = unlisted(response)
        response.headers[Headers.referrerPolicy] = "no-referrer"
        response.headers[.cacheControl] = "private, no-store"
        return response
    }

    // MARK: Pages

    private static func page(
        _ reply: Reply, _ request: Hummingbird.Request, _ context: some Ground, _ view: () -> View
    ) throws -> Response {
        switch reply {
        case .show(let page, _): return html(try page(), .ok, view(), request)
        case .created(_, let path, let flash), .done(_, let path, let flash), .gone(let path, let flash):
            return seeOther(path, flash, context)
        case .redirect(let path), .accepted(_, let path): return seeOther(path, nil, context)
        case .leave(let address): return away(to: address, .seeOther)
        case .refused(let page, _):
            var view = view()
            view.problem = true
            return html(try page(), .unprocessableContent, view, request)
        case .conflict(let page, _): return html(try page(), .conflict, view(), request)
        case .failed(let page, let failure):
            var view = view()
            view.problem = true
            var response = html(try page(), failure.status, view, request)
            for field in failure.headers { response.headers[field.name] = field.value }
            return response
        case .file(let file): return self.file(file, request)
        case .switched(let change): return switched(change, context)
        case .withCookies(let reply, let cookies):
            var response = try self.page(reply, request, context, view)
            for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
            return response
        case .unlisted(let reply): return unlisted(try self.page(reply, request, context, view))
        case .secret(let reply): return hidden(try self.page(reply, request, context, view))
        }
    }

    static func html(_ page: any Page, _ status: HTTPResponse.Status, _ view: View, _ request: Hummingbird.Request) -> Response {
        let body = page.rendered(view).buffer
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "private, no-cache", .vary: "Cookie"]
        if status == .ok {
            let etag = ETag.weak(of: body)
            headers[.eTag] = etag
            if request.headers[.ifNoneMatch] == etag { return Response(status: .notModified, headers: headers) }
        }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    static func seeOther(_ path: WebPath, _ flash: Flash?, _ context: some Ground) -> Response {
        var headers: HTTPFields = [.location: path.string, .cacheControl: "no-store"]
        if let flash, let sealed = FlashCookie.seal(flash, context.house.secret, context.scope) {
            headers.append(
                HTTPField(name: .setCookie, value: context.house.cookies.header(CookieName.flash, sealed, maxAge: 120)))
        }
        return Response(status: .seeOther, headers: headers)
    }

    private static func away(to address: SafeURL, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.location: address.string, .cacheControl: "no-store", Headers.referrerPolicy: "no-referrer"])
    }

    // MARK: Programs

    private static func json(_ reply: Reply, _ request: Hummingbird.Request, _ context: some Ground) throws -> Response {
        switch reply {
        case .show(_, let json): return bytes(try json(), .ok)
        case .created(let json, let path, _):
            var response = bytes(json, .created)
            response.headers[.location] = "/api/v1\(path.string)"
            return response
        case .done(let json, _, _): return bytes(json, .ok)
        case .accepted(let json, _): return bytes(json, .accepted)
        case .refused(_, let problems): throw Failure.refused(problems)
        case .conflict(_, let failure), .failed(_, let failure): throw failure
        case .redirect(let path): return Response(status: .seeOther, headers: [.location: path.string])
        case .leave(let address): return away(to: address, .found)
        case .gone: return Response(status: .noContent)
        case .file(let file): return self.file(file, request)
        case .switched(let change): return switched(change, context)
        case .withCookies(let reply, _): return try json(reply, request, context)
        case .unlisted(let reply): return unlisted(try json(reply, request, context))
        case .secret(let reply): return hidden(try json(reply, request, context))
        }
    }

    static func bytes(_ json: [UInt8], _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "private, no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }

    // MARK: Files

    static func file(_ file: FileReply, _ request: Hummingbird.Request) -> Response {
        var headers: HTTPFields = [.contentType: file.type]
        let reach = file.isPublic ? "public" : "private"
        headers[.cacheControl] = file.maxAge.map { "\(reach), max-age=\($0)" } ?? "\(reach), no-cache"
        if let etag = file.etag {
            headers[.eTag] = etag
            if request.headers[.ifNoneMatch] == etag { return Response(status: .notModified, headers: headers) }
        }
        if let filename = file.filename { headers[.contentDisposition] = Disposition.attachment(filename) }
        switch file.content {
        case .bytes(let bytes):
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let produce):
            let body = ResponseBody { writer in
                let (pieces, feed) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
                let producer = Task {
                    do {
                        try await produce { feed.yield($0) }
                        feed.finish()
                    } catch {
                        feed.finish(throwing: error)
                    }
                }
                defer { producer.cancel() }
                for try await piece in pieces { try await writer.write(piece) }
                try await writer.finish(nil)
            }
            return Response(status: .ok, headers: headers, body: body)
        }
    }
}

/// A cache validator: two pages with the same one are taken for equal by the browser that asks again.
enum ETag {
    /// 64 bits of a multiply-rotate hash; collisions only ever cost one person one stale page until the next change.
    static func weak(of buffer: ByteBuffer) -> String {
        buffer.withUnsafeReadableBytes { bytes in
            var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
            var index = 0
            while index &+ 8 <= bytes.count {
                hash = (hash ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
                hash ^= hash >> 29
                index &+= 8
            }
            while index < bytes.count {
                hash = (hash ^ UInt64(bytes[index])) &* 0xC4CE_B9FE_1A85_EC53
                index &+= 1
            }
            hash ^= hash >> 32
            return "W/\"\(String(hash, radix: 36))\""
        }
    }
}

enum Disposition {
    /// RFC 6266: a plain ASCII name for old clients and the full one, percent-encoded.
    static func attachment(_ filename: String) -> String {
        let ascii = String(
            filename.unicodeScalars.map { $0.isASCII && $0.value >= 32 && $0 != "\"" && $0 != "\\" ? Character($0) : "_" })
        let encoded = filename.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
            }
        }.joined()
        return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(encoded)"
    }
}

extension Failure {
    /// 400 with the fields' problems.
    public static func refused(_ problems: [FieldProblem]) -> Failure {
        var failure = Failure(.badRequest, "validation_failed", "Some fields need attention")
        failure.problems = problems
        return failure
    }
}
