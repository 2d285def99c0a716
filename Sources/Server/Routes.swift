import Announcements
import Arrival
import Audit
import Database
import Delegation
import Documents
import Faults
import Foundation
import Identity
import Images
import Live
import Mail
import Messaging
import Notifications
import OpenAPI
import Operations
import Outbound
import Passwords
import Platform
import Privacy
import Property
import Setup
import Storage
import Votes
import Web

/// Every address of the house, one line per area.
enum AllRoutes {
    static func make(_ parts: Parts) -> Routes {
        let routes = Routes()
        OperationsRoutes(home: { try await FaultHome.contents($0, besides: (VoteHome.contents($0), NewsHome.contents($0))) })
            .add(to: routes)
        IdentityRoutes(
            passwords: parts.passwords, outbound: parts.outbound, secrets: parts.secrets,
            address: { parts.site.url($0, $1) }, welcome: GuestBook.welcome, demo: parts.demo
        ).add(to: routes)
        ArrivalRoutes(passwords: parts.passwords, secrets: parts.secrets).add(to: routes)
        PropertyRoutes().add(to: routes)
        DelegationRoutes().add(to: routes)
        PrivacyRoutes(records: PersonalRecords.all, store: parts.store).add(to: routes)
        NotificationRoutes(face: FaultNotices.face, pushKey: parts.push.publicKey, folder: parts.folder).add(to: routes)
        ConfigurationRoutes(permissions: Sections.permissions.map(\.name), impacts: [FaultRules.impacts]).add(to: routes)
        AuditRoutes(values: [FaultAudit.value]).add(to: routes)
        FaultRoutes(photos: parts.photos, site: parts.site).add(to: routes)
        ReportCodeRoutes(tokens: parts.tokens, site: parts.site).add(to: routes)
        VoteRoutes(images: parts.photos.images, store: parts.store).add(to: routes)
        SearchRoutes().add(to: routes)
        SupportRoutes().add(to: routes)
        MessageRoutes(photos: parts.photos, hub: parts.hub).add(to: routes)
        let files = FileStudio(photos: parts.photos, store: parts.store)
        AnnouncementRoutes(files: files).add(to: routes)
        DocumentRoutes(files: files).add(to: routes)
        VisitorRoutes(photos: parts.photos, door: parts.door, tokens: parts.tokens).add(to: routes)
        LiveRoutes(parts.hub, AllTopics.all).add(to: routes)
        OpenAPIRoutes().add(to: routes)
        return routes
    }

    /// What the platform's own host answers, and nothing else there.
    static func platform(_ passwords: PasswordHasher) -> PlatformRoutes {
        let routes = PlatformRoutes()
        OperatorRoutes(passwords: passwords).add(to: routes)
        return routes
    }

    /// The table alone: handlers are made, but never called.
    static var table: [Route] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "portico-routes-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        guard let store = try? ObjectStore(folder: folder), let secret = try? Secret(Array(repeating: 0, count: 32)),
            let key = try? TicketKey(kid: "1", hex: String(repeating: "0", count: 128))
        else { return [] }
        return make(
            Parts(
                passwords: PasswordHasher(), photos: PhotoStudio(images: .inProcess(), store: store), store: store,
                outbound: Outbound(), secrets: .none, adviser: FaultAdviser(chat: nil, store: store), reader: nil,
                demo: { _ in [] },
                channels: Channels(), push: .none, folder: nil, site: Site(secure: true, port: 443, secret: secret),
                door: VisitorDoor(Database(.init(url: "", role: nil, size: 1), ticketKey: key)), tokens: VisitorTokens(secret),
                hub: LiveHub())
        ).table
    }
}
