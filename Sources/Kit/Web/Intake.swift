import Forms
import Foundation
import HTTPTypes
import Hummingbird

/// How much body a route takes.
public enum BodyRule: Sendable {
    case none
    /// Text fields only, up to 256 KiB.
    case small
    /// Up to ten files of 10 MiB each, besides text; programs may send multipart too.
    case uploads
    /// Small, and programs may send a urlencoded form: the one shape that a password sign-in also has.
    case credentials
    /// Small, and a form may come from anywhere without a token of ours: only where what it carries proves the right by itself, as a
    /// signed address does (RFC 8058), or where it changes nothing.
    case oneClick

    /// Media types that programs may send.
    public var programTypes: [String] {
        switch self {
        case .none, .small, .oneClick: ["application/json"]
        case .uploads: ["application/json", "multipart/form-data"]
        case .credentials: ["application/json", "application/x-www-form-urlencoded"]
        }
    }

    var needsToken: Bool {
        if case .oneClick = self { false } else { true }
    }

    var limits: FormLimits {
        var limits = FormLimits()
        if case .uploads = self { return limits }
        limits.total = 256 << 10
        limits.json = 256 << 10
        limits.urlencoded = 256 << 10
        limits.files = 0
        return limits
    }
}

/// A request's body, which can be read but once: whoever asks again gets what came of it.
final class SentForm {
    private var result: Result<Submission, any Error>?

    func read(_ body: () async throws -> Submission) async throws -> Submission {
        if let result { return try result.get() }
        do {
            let submission = try await body()
            result = .success(submission)
            return submission
        } catch {
            result = .failure(error)
            throw error
        }
    }
}

/// Reads a request's body into a submission and proves that a form is ours before any handler sees it.
enum Intake {
    static func read(
        _ request: Hummingbird.Request, _ rule: BodyRule, _ context: some Ground, _ face: Face, origin: FormOrigin = .required,
        form: SentForm = SentForm()
    ) async throws -> Incoming {
        let changes = request.method != .get && request.method != .head
        let isForm = changes && face == .page && rule.needsToken
        let word = word(request)
        if isForm { try check(word, origin) }
        var submission =
            changes ? try await form.read { try await body(request, rule, context, face) } : try Submission(query: "")
        if isForm {
            guard let token = submission.single("csrf_token"), context.holder != nil,
                isOurs(token, context, needsPass: word == .nothing)
            else { throw Failure.csrf }
        }
        let uri = request.head.path ?? "/"
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let key = request.headers[idempotencyKey] ?? submission.single("form_key")
        if let key, !(8...128).contains(key.utf8.count) {
            throw Failure.malformed("Idempotency-Key must have 8 to 128 characters")
        }
        var query = try query(parts.dropFirst().first)
        if context.house.settings.development {
            let asked = context.arrival.notes.asked
            (query.asked, submission.asked) = (asked.query, asked.body)
        }
        return Incoming(
            method: request.method, path: String(parts.first ?? "/"), query: query, submission: submission, formKey: key,
            headers: request.headers, parameters: try parameters(context))
    }

    /// A kept form, as it was sent.
    static func again(_ kept: KeptForm, _ request: Hummingbird.Request, _ context: TenantContext) throws -> Incoming {
        let parts = kept.path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return Incoming(
            method: .post, path: String(parts.first ?? "/"), query: try query(parts.dropFirst().first),
            submission: kept.submission, formKey: nil, headers: request.headers, parameters: try parameters(context))
    }

    private static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .eTag

    private static func query(_ text: Substring?) throws -> Submission {
        do {
            return try Submission(query: String(text ?? ""))
        } catch {
            throw Failure(error)
        }
    }

    private static func parameters(_ context: some Ground) throws -> [Substring: String] {
        var decoded: [Substring: String] = [:]
        for (name, value) in context.coreContext.parameters {
            let text = value.utf8.contains(UInt8(ascii: "%")) ? value.removingPercentEncoding : String(value)
            guard let text, !text.utf8.contains(0) else { throw Failure.notFound }
            decoded[name] = text
        }
        return decoded
    }

    /// A browser says where a form comes from; a form from elsewhere is refused, and one from nowhere, too, unless the route takes a pass
    /// for it (T27).
    private static func check(_ word: FormWord, _ origin: FormOrigin) throws {
        switch (word, origin) {
        case (.own, _), (.nothing, .orPass): return
        case (.foreign, _), (.nothing, .required): throw Failure.csrf
        }
    }

    static func word(_ request: Hummingbird.Request) -> FormWord {
        if let site = request.headers[secFetchSite] { return site == "same-origin" ? .own : .foreign }
        guard let origin = request.headers[.origin], origin != "null" else { return .nothing }
        guard let host = request.head.authority else { return .foreign }
        return origin == "https://\(host)" || origin == "http://\(host)" ? .own : .foreign
    }

    /// The form token, and the pass behind it where that is what the form is taken for.
    private static func isOurs(_ token: String, _ context: some Ground, needsPass: Bool) -> Bool {
        let words = token.split(separator: ".", maxSplits: 1)
        guard let first = words.first,
            context.house.secret.verify(String(first), "csrf", context.scope, context.holder ?? "")
        else { return false }
        guard needsPass else { return true }
        guard words.count == 2, let pass = context.formPass else { return false }
        return pass.isGood(words[1], now: context.arrival.now)
    }

    private static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .origin

    static func body(
        _ request: Hummingbird.Request, _ rule: BodyRule, _ context: some Ground, _ face: Face
    ) async throws -> Submission {
        let type = request.headers[.contentType]
        // Programs send JSON; a form body there would be a form that needs no token (T27).
        if face == .api, let type, !rule.programTypes.contains(where: type.lowercased().hasPrefix) {
            throw Failure(.unsupportedMediaType, "unsupported_media", "Send application/json")
        }
        do {
            let reader = BodyReader(limits: rule.limits, spool: context.house.spool)
            return try await reader.read(
                request.body, contentType: type, length: request.headers[.contentLength].flatMap { Int($0) })
        } catch let error as BodyError {
            throw Failure(error)
        }
    }
}

extension Failure {
    init(_ error: BodyError) {
        switch error {
        case .malformed(let message): self = .malformed(message)
        case .tooLarge(let message): self = Failure(.contentTooLarge, "too_large", message)
        case .unsupported(let message): self = Failure(.unsupportedMediaType, "unsupported_media", message)
        }
    }
}
