import CCurl
import Foundation
import Threads

/// POST to another service's REST interface, on threads of its own.
struct Post: Sendable {
    private static let threads = BoundedThreads(name: "rest", count: 4, waiting: 10_000)

    let address: String
    var headers: [String] = []
    /// User and password of HTTP's basic authentication.
    var basic: (user: String, password: String)?
    let body: String

    /// Status and body, or a failure that says whether the service may have heard it.
    func send() async throws(SendingFailure) -> (status: Int, body: String) {
        let post = self
        switch await Result.of({ try await Self.threads.run { post.exchange() } }) {
        case .success(let result): return try result.get()
        case .failure(let error): throw .later("\(error)")
        }
    }

    private func exchange() -> Result<(status: Int, body: String), SendingFailure> {
        guard let exchange = Exchange(address, protocols: "http,https") else {
            return .failure(.later("libcurl has no memory left"))
        }
        exchange.set(CURLOPT_POST, 1)
        exchange.set(CURLOPT_POSTFIELDSIZE, body.utf8.count)
        exchange.set(CURLOPT_COPYPOSTFIELDS, body)
        exchange.set(CURLOPT_HTTPHEADER, headers + ["Expect:"])
        if let basic {
            exchange.set(CURLOPT_HTTPAUTH, Self.basicAuthentication)
            exchange.set(CURLOPT_USERNAME, basic.user)
            exchange.set(CURLOPT_PASSWORD, basic.password)
        }
        let outcome = exchange.perform()
        guard outcome.code == CURLE_OK else {
            return .failure(outcome.wasHandedOver ? .uncertain(outcome.error) : .later(outcome.error))
        }
        return .success((outcome.status, outcome.answer))
    }

    /// CURLAUTH_BASIC is a macro with a cast, which Swift does not import.
    private static let basicAuthentication = 1
}
