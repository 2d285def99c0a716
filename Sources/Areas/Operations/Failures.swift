import HTML
import UI
import Web

/// The pages for what went wrong.
package enum FailurePages {
    @Sendable package static func page(_ failure: Failure, _ view: View) -> any Page {
        ErrorPage(status: Int(failure.status.code), code: failure.code)
    }
}
