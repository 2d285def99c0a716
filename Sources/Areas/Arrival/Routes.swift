import Identity
import Passwords
import Web

/// Coming in: invitations, registering, proving an address, and a new password.
package struct ArrivalRoutes: Sendable {
    let passwords: PasswordHasher
    let secrets: ClientSecrets

    package init(passwords: PasswordHasher, secrets: ClientSecrets) {
        self.passwords = passwords
        self.secrets = secrets
    }

    package func add(to routes: Routes) {
        RegisterRoutes(passwords: passwords, secrets: secrets).add(to: routes)
        VerifyRoutes().add(to: routes)
        PasswordRoutes(passwords: passwords).add(to: routes)
        InvitationRoutes().add(to: routes)
        BulkRoutes().add(to: routes)
        ApplicantRoutes().add(to: routes)
    }
}
