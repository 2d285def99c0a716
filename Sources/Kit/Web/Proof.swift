import Foundation
import HTML
import Hummingbird

extension MemberContext {
    /// How long somebody who has proved who they are may change what guards the account (ASVS V7.5.1).
    public static let freshness: TimeInterval = 5 * 60

    /// For changes of factors, mail address, bank details: an open screen or a stolen token alone must not do.
    ///
    /// - Throws: 403 `proof_required` for programs. A browser is led to `/account/prove` and back, and a form that it sent comes back
    ///   filled (`KeptForms`).
    public func requireFresh() throws {
        try requireOpen(false)
        guard let proved = session.provedAt, now.timeIntervalSince(proved) < Self.freshness else { throw Failure.proofRequired }
    }

    /// To what has to be done before anything else.
    func sendAhead(to due: WebPath) async throws -> Response {
        // What this process remembers of the session may be older than what was done meanwhile.
        _ = try await proved()
        guard face == .page else { throw Failure.factorRequired }
        return Answer.seeOther(due, nil, outer)
    }
}

extension Failure {
    public static let proofRequired = Failure(
        .forbidden, "proof_required", "Prove who you are again first: POST /api/v1/auth/prove with your password or a code")
    /// The member's role needs a second factor, and the member has none yet.
    public static let factorRequired = Failure(
        .forbidden, "second_factor_required", "Your role needs a second factor; set one up first: POST /api/v1/auth/mfa/enrol")
}
