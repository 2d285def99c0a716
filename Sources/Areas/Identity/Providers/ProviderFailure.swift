import Outbound
import Web

/// Why a provider did not say who somebody is.
enum ProviderFailure: Error, Sendable {
    /// It cannot be reached, or is not well; seconds that it wants to be left alone.
    case unavailable(String, retryAfter: Int? = nil)
    case slow
    /// What the company's file says does not fit what the provider says.
    case misconfigured(String)
    /// It did not accept the code, or says that something went wrong.
    case refused(String)
    /// What it says is not believed.
    case disbelieved(String)

    init(_ error: OutboundError) {
        self =
            switch error {
            case .late: .slow
            case .resting(let seconds): .unavailable(error.description, retryAfter: seconds)
            case .forbidden, .invalidAddress: .misconfigured(error.description)
            case .tooLarge, .unreachable: .unavailable(error.description)
            }
    }

    /// For the log and the audit trail; nothing that somebody sent is in it.
    var reason: String {
        switch self {
        case .unavailable(let why, _), .misconfigured(let why), .refused(let why), .disbelieved(let why): why
        case .slow: "late"
        }
    }

    var failure: Failure {
        switch self {
        case .unavailable(_, let seconds):
            var failure = Failure(.serviceUnavailable, "provider_unavailable", "Auth service unavailable; try again in a moment")
            failure.headers[.retryAfter] = String(max(1, seconds ?? 30))
            return failure
        case .misconfigured: return .providerMisconfigured
        case .slow: return Failure(.gatewayTimeout, "provider_slow", "Auth service did not answer in time; try again")
        case .refused: return Failure(.badGateway, "oauth_failed", "The identity provider did not confirm the sign-in; try again")
        case .disbelieved:
            return Failure(.unauthorized, "identity_refused", "What the identity provider says cannot be accepted")
        }
    }
}

extension Failure {
    static let providerMisconfigured = Failure(
        .serviceUnavailable, "provider_misconfigured", "This way of signing in is not set up correctly")
    static let stateInvalid = Failure(.badRequest, "oauth_state_invalid", "This sign-in is over or belongs to another browser")
    static let cancelled = Failure(.forbidden, "sign_in_cancelled", "The sign-in was cancelled at the identity provider")
    /// Nothing gives this person a role here.
    static let noRole = Failure(.forbidden, "no_invitation", "There is no account for this person here")
    static let unconfirmedAddress = Failure(
        .forbidden, "email_unconfirmed", "The identity provider names no confirmed mail address")
    static let linkFirst = Failure(
        .conflict, "link_first", "This address has an account already; sign in there first and link the provider")
    static let memberClosed = Failure(.unauthorized, "member_disabled", "This account is closed")
    /// Linking or proving with what belongs to another member.
    static let identityTaken = Failure(.conflict, "identity_taken", "This identity belongs to another account here")
    static let otherIdentity = Failure(.forbidden, "identity_other", "This identity is not linked with your account")
    static let lastWayIn = Failure(
        .conflict, "last_way_in", "This is the only way into your account; choose a password or link another one first")

    /// Instead of a password.
    static func useProvider(_ address: String?) -> Failure {
        var failure = Failure(.badRequest, "use_provider", "Use the identity provider")
        failure.authorizationURL = address
        return failure
    }
}
