import Foundation
import HTML
import HTTPTypes
import Hummingbird
import NIOCore
import Tenancy
import UI

/// The first and last hand on every request: host, limits, failures as pages, security headers, log line, figures.
public struct Edge: HTTPResponder {
    public typealias Context = BaseContext
    let house: House
    let router: RouterResponder<BaseContext>
    /// Of the platform's host; nothing of it answers anywhere else.
    let platform: RouterResponder<BaseContext>?
    let probes: Probes

    public init(house: House, routes: Routes, platform: PlatformRoutes? = nil, ready: @escaping @Sendable () async -> Bool) {
        self.house = house
        self.router = routes.finish()
        self.platform = platform?.finish()
        self.probes = Probes(house: house, ready: ready)
    }

    /// Answers in a task of its own: what its frames took of memory goes back with the answer. The connection's own task would keep it for as
    /// long as the connection lasts, which a WebSocket does all day.
    public func respond(to request: Hummingbird.Request, context: BaseContext) async throws -> Response {
        async let response = answer(request, context)
        return await response
    }

    private func answer(_ request: Hummingbird.Request, _ context: BaseContext) async -> Response {
        let start = ContinuousClock.now
        let arrival = arrive(request, context)
        var context = context
        context.arrival = arrival
        var response: Response
        do {
            response = try await answer(request, &context, arrival)
        } catch {
            response = failed(error, request, arrival)
        }
        Headers.secure(&response, house.settings.secure)
        response.headers[Headers.requestID] = arrival.requestID
        if house.settings.development {
            let asked = arrival.notes.asked
            response.headers[Headers.serverTiming] =
                "db;desc=\"\(arrival.meter.roundTrips) round trips\", query;desc=\"\(asked.query)\", body;desc=\"\(asked.body)\""
        }
        let elapsed = start.duration(to: .now)
        house.meters.request(
            route: context.coreContext.endpointPath.value ?? "-", status: Int(response.status.code), seconds: elapsed.seconds)
        AccessLog.write(house.logger, request, arrival, response, elapsed, route: context.coreContext.endpointPath.value)
        return response
    }

    private func answer(_ request: Hummingbird.Request, _ context: inout BaseContext, _ arrival: Arrival) async throws -> Response
    {
        let target = request.head.path ?? ""
        // One Host, an origin-form target, nothing overlong: hummingbird itself serves all of these (SECURITY 1.2).
        guard target.hasPrefix("/"), let host = request.head.authority, !host.isEmpty, request.headers[HostHeader.name] == nil
        else {
            throw Failure.malformed("The request needs exactly one Host")
        }
        // Two spellings of one address would be two decisions (T22).
        let path = request.uri.path
        guard Self.isPlain(path) else { throw Failure.notFound }
        guard target.utf8.count <= 8_192 else { throw Failure(.uriTooLong, "uri_too_long", "The address is too long") }
        if let response = try await probes.answer(request) { return response }
        if let response = asset(request) { return response }
        if arrival.isPlatform { return try await answer(request, platform, &context) }
        guard let tenant = arrival.tenant else { throw Failure.notFound }
        if let response = brand(request, tenant) { return response }
        return try await answer(try await KeptForms.open(request, &context, arrival), router, &context)
    }

    private func answer(
        _ request: Hummingbird.Request, _ router: RouterResponder<BaseContext>?, _ context: inout BaseContext
    ) async throws -> Response {
        guard let router else { throw Failure.notFound }
        if let canonical = Self.canonical(request) { return canonical }
        let response = try await router.respond(to: request, context: context)
        if context.coreContext.endpointPath.value == "NotFound" { throw Failure.notFound }
        return response
    }

    private func arrive(_ request: Hummingbird.Request, _ context: BaseContext) -> Arrival {
        let path = request.uri.path
        // A company that claims the platform's host in its file does not get it.
        let isPlatform = house.platform.map { request.head.authority.flatMap(HostName.normalised) == $0.host } ?? false
        let tenant = isPlatform ? nil : request.head.authority.flatMap(house.tenants.lookup(host:))
        let offered = isPlatform ? Language.allCases.map(\.rawValue) : tenant?.locales
        let preferred = offered.flatMap { Negotiation.language(request.headers[.acceptLanguage], among: $0) }
        return Arrival(
            house: house, channel: context.channel, tenant: tenant, isPlatform: isPlatform,
            host: tenant == nil ? "" : request.head.authority.flatMap(HostName.normalised) ?? "",
            requestID: RequestNumber.next(),
            address: ClientAddress.of(request, context, house.settings),
            face: path.hasPrefix("/api/") ? .api : .page, authority: request.head.authority, target: request.head.path ?? "/",
            language: preferred ?? tenant.flatMap { $0.locales.first.flatMap(Language.init) } ?? .en, now: house.now())
    }

    /// Whether no two slashes follow each other, and none hides as a backslash or escaped: a proxy or browser that reads it as one would see
    /// another address than we do, and one that begins with it (`/%2fevil.example/`) another host.
    private static func isPlain(_ path: String) -> Bool {
        var (before, last): (UInt8, UInt8) = (0, 0)
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "/") where last == byte, UInt8(ascii: "\\"): return false
            case UInt8(ascii: "f"), UInt8(ascii: "F"): if before == UInt8(ascii: "%"), last == UInt8(ascii: "2") { return false }
            case UInt8(ascii: "c"), UInt8(ascii: "C"): if before == UInt8(ascii: "%"), last == UInt8(ascii: "5") { return false }
            default: break
            }
            (before, last) = (last, byte)
        }
        return true
    }

    /// `/faults/` moves to `/faults`.
    private static func canonical(_ request: Hummingbird.Request) -> Response? {
        let path = request.uri.path
        guard path.utf8.count > 1, path.hasSuffix("/"), request.method == .get || request.method == .head
        else { return nil }
        let query = request.uri.query.map { "?\($0)" } ?? ""
        return Response(status: .permanentRedirect, headers: [.location: String(path.dropLast()) + query])
    }

    private func asset(_ request: Hummingbird.Request) -> Response? {
        let path = request.uri.path
        let isWorker = path == Assets.workerPath
        guard isWorker || path.hasPrefix("/a/"), request.method == .get || request.method == .head,
            let file = isWorker ? house.assets.worker : house.assets.file(path)
        else { return nil }
        // A browser asks for its service worker at the same address for ever, so that it must ask whether it has changed.
        var headers: HTTPFields = [
            .contentType: file.type, .cacheControl: isWorker ? "no-cache" : "public, max-age=31536000, immutable",
            .eTag: file.etag, .vary: "Accept-Encoding"
        ]
        if request.headers[.ifNoneMatch] == file.etag { return Response(status: .notModified, headers: headers) }
        var bytes = file.bytes
        if let gzip = file.gzip, request.headers[.acceptEncoding]?.contains("gzip") == true {
            headers[.contentEncoding] = "gzip"
            bytes = gzip
        }
        let response = Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// The company's colours and logo; named after their revision, so kept for ever.
    private func brand(_ request: Hummingbird.Request, _ tenant: Tenant) -> Response? {
        let path = request.uri.path
        guard path.hasPrefix("/brand/"), request.method == .get || request.method == .head else { return nil }
        let immutable = "public, max-age=31536000, immutable"
        if path == tenant.brandPath {
            return Response(
                status: .ok, headers: [.contentType: "text/css; charset=utf-8", .cacheControl: immutable],
                body: ResponseBody(byteBuffer: ByteBuffer(string: tenant.brand.css)))
        }
        if path == tenant.logoPath, let logo = tenant.brand.logo {
            return Response(
                status: .ok, headers: [.contentType: "image/svg+xml", .cacheControl: immutable],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: logo.svg)))
        }
        return nil
    }
}
