import HTML
import Passwords
import UI
import Web

/// Everything that the platform's host answers.
package struct OperatorRoutes: Sendable {
    let signIn: OperatorSignIn

    package init(passwords: PasswordHasher) {
        signIn = OperatorSignIn(passwords: passwords)
    }

    package func add(to routes: PlatformRoutes) {
        SignInRoutes(signIn: signIn).add(to: routes)
        CompanyRoutes().add(to: routes)
        FleetJobRoutes().add(to: routes)
        FleetMailRoutes().add(to: routes)
        FleetScheduleRoutes().add(to: routes)
        LogRoutes().add(to: routes)
    }

    @Sendable package static func navigation(_ context: OperatorContext) -> [NavItem] {
        let t = PlatformMessages(context.language)
        let path = context.arrival.target
        func item(_ label: String, _ address: WebPath, _ icon: Icon) -> NavItem {
            NavItem(label: label, path: address, icon: icon, current: path.hasPrefix(address.string))
        }
        return [
            item(t.companies.title, "/companies", .buildings), item(t.jobs.title, "/jobs", .activity),
            item(t.mail.title, "/mail", .envelope), item(t.schedules.title, "/schedules", .clock),
            item(t.log.title, "/log", .journal)
        ]
    }
}
