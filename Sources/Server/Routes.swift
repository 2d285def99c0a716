import Faults
import Identity
import Notifications
import Operations
import Property
import Web

/// Every address of the house, one line per area.
enum AllRoutes {
    static func make(_ parts: Parts) -> Routes {
        let routes = Routes()
        OperationsRoutes(home: FaultHome.contents).add(to: routes)
        IdentityRoutes(passwords: parts.passwords, demo: parts.demo).add(to: routes)
        PropertyRoutes().add(to: routes)
        NotificationRoutes(face: FaultNotices.face).add(to: routes)
        FaultRoutes(photos: parts.photos).add(to: routes)
        return routes
    }
}
