import Identity
import Storage
import Web

/// What people may ask of those who keep data about them: a copy of it, and that it is forgotten.
package struct PrivacyRoutes: Sendable {
    let records: [PersonalData]
    let store: ObjectStore

    package init(records: [PersonalData], store: ObjectStore) {
        (self.records, self.store) = (records, store)
    }

    package func add(to routes: Routes) {
        routes.chapter("People")
        AnonymiseRoutes(records: records).add(to: routes)
        ExportRoutes(store: store).add(to: routes)
    }
}
