import Identity
import Tenancy

extension DemoSignIn {
    /// What the sign-in page offers during development, in the order of the company's roles.
    static func all(of tenant: Tenant) -> [DemoSignIn] {
        DemoSeed.signIns([tenant]).map { DemoSignIn(role: $0.role, name: $0.name, email: $0.email, password: $0.password) }
    }
}
