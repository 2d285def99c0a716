import Passwords
import Web

/// Coming in: invitations, registering, proving an address, and a new password.
package struct ArrivalRoutes: Sendable {
    let passwords: PasswordHasher

    package init(passwords: PasswordHasher) {
        self.passwords = passwords
    }

    package func add(to routes: Routes) {
        RegisterRoutes(passwords: passwords).add(to: routes)
        VerifyRoutes().add(to: routes)
        PasswordRoutes(passwords: passwords).add(to: routes)
        InvitationRoutes().add(to: routes)
        BulkRoutes().add(to: routes)
        ApplicantRoutes().add(to: routes)
    }
}
