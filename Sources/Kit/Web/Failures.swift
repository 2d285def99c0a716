import Database
import Forms
import Foundation
import HTML
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Threads
import UI

extension Edge {
    /// The answer to whatever was thrown: known failures as they are, everything else as 500 with an id to quote.
    func failed(_ error: any Error, _ request: Hummingbird.Request, _ arrival: Arrival) -> Response {
        let failure = Self.failure(for: error)
        if failure.status.code >= 500 {
            house.logger.error("request failed", metadata: ["request": "\(arrival.requestID)", "error": "\(error)"])
        }
        if failure.status == .unauthorized, arrival.face == .page { return toSignIn(request, arrival) }
        var response = arrival.face == .api ? json(failure, arrival) : page(failure, request, arrival)
        for field in failure.headers { response.headers[field.name] = field.value }
        if failure.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    static func failure(for error: any Error) -> Failure {
        switch error {
        case let failure as Failure: failure
        case is NotFound: .notFound
        case is PoolTimeout, is Overloaded, is SpoolError:
            Failure(.serviceUnavailable, "busy", "Too much is going on right now; try again in a moment")
        case let errors as FormErrors: .refused(errors.problems)
        case let error as HTTPError: Failure(error.status, "http_error", error.status.reasonPhrase)
        case is HTTPParserError, is ChannelError, is IOError:
            .malformed("The request ended before its body did")
        case is CancellationError: Failure(.serviceUnavailable, "cancelled", "The request was cancelled")
        case let error as DatabaseError where error.sqlState == "57014":
            Failure(.serviceUnavailable, "too_slow", "This took too long; try again in a moment")
        case let error as DatabaseError where error.sqlState == "55P03":
            Failure(.conflict, "in_use", "Somebody else is changing this right now; try again")
        default: Failure(.internalServerError, "internal", "Something went wrong on our side")
        }
    }

    private func json(_ failure: Failure, _ arrival: Arrival) -> Response {
        struct Body: Encodable {
            struct Problem: Encodable {
                let field: String
                let code: String
                let message: String
            }
            let error: String
            let code: String
            let requestId: String
            let errors: [Problem]?
            let allowedTransitions: [String]?
            let triesLeft: Int?
            let authorizationUrl: String?
        }
        let problems = failure.problems.map {
            Body.Problem(field: $0.jsonField, code: $0.code.name, message: ProblemText.text(for: $0.code, arrival.language))
        }
        let body = Body(
            error: failure.message, code: failure.code, requestId: arrival.requestID, errors: problems.isEmpty ? nil : problems,
            allowedTransitions: failure.allowedTransitions, triesLeft: failure.triesLeft,
            authorizationUrl: failure.authorizationURL)
        return Answer.bytes((try? JSON.encode(body)) ?? Array("{}".utf8), failure.status)
    }

    private func page(_ failure: Failure, _ request: Hummingbird.Request, _ arrival: Arrival) -> Response {
        let zone = arrival.tenant?.timeZone ?? .gmt
        var view = View(
            language: arrival.language,
            format: Format(language: arrival.language, timeZone: zone, currency: arrival.tenant?.currency.code ?? "EUR"),
            company: arrival.tenant?.name ?? "Portico", assets: house.assets.paths, path: "/",
            brandCSS: arrival.tenant.flatMap { WebPath($0.brandPath) },
            logo: arrival.tenant?.logoPath.flatMap { WebPath($0) }, requestID: arrival.requestID,
            development: house.settings.development)
        view.problem = true
        return Answer.html(house.doors.failurePage(failure, view), failure.status, view, request)
    }

    /// A browser without a session goes to sign in and comes back; only GET addresses are remembered.
    private func toSignIn(_ request: Hummingbird.Request, _ arrival: Arrival) -> Response {
        let back = request.method == .get || request.method == .head ? arrival.target : "/"
        var path: WebPath = "/login"
        if back != "/" { path = path.adding(query: [("next", back)]) }
        return Response(status: .seeOther, headers: [.location: path.string, .cacheControl: "no-store"])
    }
}
