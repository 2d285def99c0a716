import Database
import Foundation
import HTML
import Tenancy

/// Somebody new whom a provider knows, at an address that is known to be theirs.
package struct Guest: Sendable {
    /// Lets them in if they are invited, which is another area's business.
    ///
    /// - Returns: their member; nil when nobody has invited them.
    package typealias Welcome = @Sendable (Guest, Tenant, Tx) async throws -> UUID?

    /// Of the invitation that they came with.
    package let code: String?
    package let email: String
    package let name: String
    package let language: Language
    /// Its key in the company's file.
    package let provider: String
    package let providerTitle: String
}
