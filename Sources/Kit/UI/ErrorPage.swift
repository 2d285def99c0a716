import HTML

/// What a browser shows when a request ended in an error. Says what happened and what to do, never why inside.
package struct ErrorPage: Sendable {
    package var status: Int
    /// Where the person can go on.
    package var back: WebPath
    /// Of a failure that has words of its own.
    package var code: String

    package init(status: Int, code: String = "", back: WebPath = "/") {
        self.status = status
        self.code = code
        self.back = back
    }

    /// Chooses the message; statuses that need no words of their own share one.
    var kind: String {
        switch status {
        case 401: "signedOut"
        case 403: code == "preview_read_only" ? "preview" : "forbidden"
        case 409 where code == "last_admin": "lastAdmin"
        case 409 where code == "still_has_units": "hasUnits"
        case 409 where code == "not_yourself": "notYourself"
        case 409 where code == "vote_not_open": "voteNotOpen"
        case 409 where code == "vote_is_secret": "voteIsSecret"
        case 404: "missing"
        case 408: "slow"
        case 409: "conflict"
        case 410: "gone"
        case 413: "large"
        case 415: "unreadable"
        case 429: "often"
        case 503: "busy"
        case 500...: "broken"
        default: "refused"
        }
    }
}
