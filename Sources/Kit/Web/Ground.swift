import HTTPTypes
import Hummingbird
import UI

/// What a request stands on before anything is known of its sender: a company's host, or the platform's. Reading forms and writing
/// answers takes no more.
protocol Ground: Sendable {
    var coreContext: CoreRequestContextStorage { get }
    var arrival: Arrival { get }
    /// What form tokens and flash cookies are signed for, so that one place's are worth nothing at another.
    var scope: String { get }
    /// The session that form tokens are bound to, or the visit before there is one.
    var holder: String? { get }
    var visit: String? { get }
    var visitIsNew: Bool { get }
    var flash: Flash? { get }
    var formPass: FormPass? { get }
}

extension Ground {
    var house: House { arrival.house }

    var csrfToken: String {
        let token = house.secret.sign("csrf", scope, holder ?? "")
        return formPass.map { "\(token).\($0.make(now: arrival.now))" } ?? token
    }
}

extension TenantContext: Ground {
    var scope: String { String(tenant.id) }
    var holder: String? { session?.id.text ?? visit }
}
