import Forms
import Foundation
import HTTPTypes

/// A request as handlers see it: parsed, limited, its form token checked.
public struct Incoming: Sendable {
    public let method: HTTPRequest.Method
    /// Without query, as sent.
    public let path: String
    /// The address's query, decoded as strictly as a form.
    public let query: Submission
    /// Body fields and files; empty for GET.
    public let submission: Submission
    /// The client's idempotency key: header `Idempotency-Key` or hidden field `form_key`.
    public let formKey: String?
    public let headers: HTTPFields
    let parameters: [Substring: String]

    /// Everything that was typed, for showing the form again.
    public var values: FormValues { FormReader(submission).values }

    /// A path parameter, percent-decoded.
    /// - Throws: 404 when it is not there, so that a bad path never becomes a crash.
    public func parameter(_ name: String) throws -> String {
        guard let value = parameters[Substring(name)] else { throw Failure.notFound }
        return value
    }

    /// A path parameter that must be a UUID.
    /// - Throws: 404 otherwise: an id that cannot exist is an id that does not exist.
    public func id(_ name: String = "id") throws -> UUID {
        guard let id = UUID(uuidString: try parameter(name)) else { throw Failure.notFound }
        return id
    }
}
