import Announcements
import Arrival
import Audit
import Chat
import Database
import Delegation
import Documents
import Faults
import Foundation
import HTML
import Identity
import Images
import Jobs
import Live
import Logging
import Mail
import Messaging
import Notifications
import OCR
import Operations
import Outbound
import Passwords
import Platform
import Privacy
import Property
import Setup
import Storage
import Tenancy
import UI
import Votes
import Web
import Workers

/// The parts that areas are given: made once, shared by requests and jobs.
struct Parts: Sendable {
    let passwords: PasswordHasher
    let photos: PhotoStudio
    let store: ObjectStore
    let outbound: Outbound
    /// Of companies' clients at their identity providers.
    let secrets: ClientSecrets
    let adviser: FaultAdviser
    /// Reads the words on photos.
    let reader: TextReader?
    /// Demo sign-ins for the development sign-in page.
    let demo: @Sendable (Tenant) -> [DemoSignIn]
    let channels: Channels
    /// What reaches people's devices.
    let push: PushChannel
    /// Where mails end during development.
    let folder: MailFolder?
    let site: Site
    let door: VisitorDoor
    let tokens: VisitorTokens
    /// The sockets that are open at this process.
    let hub: LiveHub
}

/// One process of Portico, assembled but not started. `portico serve` and the tests build it the same way.
struct App: Sendable {
    let settings: Settings
    let database: Database
    let workerDatabase: Database
    /// Inserts what visitors hand in, and reads nothing.
    let visitorDatabase: Database
    /// For those who look after all companies; it sees none of them.
    let platformDatabase: Database
    let tenants: Tenants
    let house: House
    let edge: Edge
    let table: [Route]
    let parts: Parts
    let logger: Logger
    let now: @Sendable () -> Date

    /// - Throws: when a folder cannot be read or the database refuses the role.
    static func build(_ settings: Settings, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }) async throws -> App
    {
        let subscriptions = Subscriptions.all
        let database = Database(
            Database.Settings(url: settings.databaseURL, role: "portico_app", size: settings.poolSize),
            ticketKey: settings.ticketKey, subscriptions: subscriptions, logger: logger)
        let workerDatabase = Database(
            Database.Settings(
                url: settings.databaseURL, role: "portico_worker", size: max(2, settings.poolSize / 2),
                statementTimeout: .seconds(30)),
            ticketKey: settings.ticketKey, subscriptions: subscriptions, logger: logger)
        let visitorDatabase = Database(
            Database.Settings(url: settings.databaseURL, role: "portico_visitor", size: 4, lanes: 1),
            ticketKey: settings.ticketKey, subscriptions: subscriptions, logger: logger)
        let platformDatabase = Database(
            Database.Settings(url: settings.databaseURL, role: "portico_platform", size: 4, lanes: 1),
            ticketKey: settings.ticketKey, logger: logger)
        let tenants = Tenants(root: settings.home.appending(path: "tenants").path, rules: Sections.rules, logger: logger) {
            slug in
            try await database.registerTenant(slug)
        }
        _ = await tenants.reload()
        // Uploads wait here while their form is read; nobody else looks inside.
        try FileManager.default.createDirectory(
            at: settings.web.spool, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let parts = try Parts.make(settings, visitors: visitorDatabase, logger: logger)
        let house = House(
            database: database, tenants: tenants, assets: try Assets(folder: settings.home.appending(path: "Public")),
            secret: settings.secret, sealer: settings.sealer, settings: settings.web,
            doors: Doors(
                session: Sessions.find, lapsed: Sessions.lapsed, renew: Sessions.renew, lent: DelegationRight.opened,
                support: { Permission.ofSupport($0, among: Sections.permissions) }, devices: DeviceSettings.granted,
                navigation: Navigation.items, failurePage: FailurePages.page, due: FirstSteps.due),
            platform: settings.platformHost.map {
                PlatformHost(
                    host: $0, database: platformDatabase,
                    doors: PlatformDoors(session: OperatorSessions.find, navigation: OperatorRoutes.navigation))
            },
            logger: logger,
            now: now)
        let routes = AllRoutes.make(parts)
        let edge = Edge(house: house, routes: routes, platform: AllRoutes.platform(parts.passwords)) {
            (try? await database.health()) != nil
        }
        return App(
            settings: settings, database: database, workerDatabase: workerDatabase, visitorDatabase: visitorDatabase,
            platformDatabase: platformDatabase, tenants: tenants, house: house,
            edge: edge, table: routes.table, parts: parts, logger: logger, now: now)
    }

    /// The worker of this process, with every job registered.
    func worker() -> Worker {
        var handlers = JobHandlers()
        FaultJobs.register(in: &handlers, tenants: tenants, adviser: parts.adviser, tokens: parts.tokens)
        AuditJobs.register(in: &handlers)
        ImportJobs.register(in: &handlers, tenants: tenants)
        ArrivalJobs(tenants: tenants).register(in: &handlers)
        DelegationJobs(tenants: tenants).register(in: &handlers)
        MessageJobs(tenants: tenants).register(in: &handlers)
        VoteJobs(tenants: tenants, sealer: house.sealer).register(in: &handlers)
        AnnouncementJobs(tenants: tenants).register(in: &handlers)
        DocumentJobs.register(
            in: &handlers, files: FileStudio(photos: parts.photos, store: parts.store), store: parts.store)
        ConfigurationJobs(ConfigurationFolder(tenants)).register(in: &handlers)
        HouseJobs.register(in: &handlers, store: parts.store)
        PrivacyJobs(records: PersonalRecords.all, store: parts.store, tenants: tenants, spool: self.settings.web.spool)
            .register(in: &handlers)
        IdentityJobs.register(in: &handlers, keys: house.keys)
        SupportJobs(tenants: tenants).register(in: &handlers)
        postOffice(parts.channels).register(in: &handlers)
        var settings = Worker.Settings(concurrency: 8)
        let (tenants, database) = (tenants, workerDatabase)
        settings.onPark = { job in await HouseJobs.tellAdmins(of: job, tenants: tenants, database: database) }
        return Worker(database: workerDatabase, handlers: handlers, settings: settings, logger: logger)
    }

    func postOffice(_ channels: Channels, push: PushChannel? = nil) -> PostOffice {
        PostOffice(
            channels: channels, push: push ?? parts.push, tenants: tenants, site: parts.site,
            current: [.message: PushMessage.current])
    }

    func scheduler() -> Scheduler {
        let tenants = tenants
        return Scheduler(
            database: workerDatabase, schedule: Schedule.all,
            tenants: { tenants.all.map { .init(id: $0.id, timeZone: $0.timeZone) } }, logger: logger)
    }
}

extension Parts {
    static func make(_ settings: Settings, visitors: Database, logger: Logger) throws -> Parts {
        let outbound = Outbound(privateAddresses: settings.privateAddresses)
        let store =
            try settings.bucket.map { ObjectStore(bucket: $0, outbound: outbound) }
            ?? ObjectStore(folder: settings.folder.appending(path: "objects"))
        let production = settings.environment == .production
        let folder = settings.mail.folder(settings)
        let reader = worker("ocr-worker", settings).map { TextReader(workers: $0) }
        return Parts(
            passwords: PasswordHasher(workers: worker("password-worker", settings)),
            photos: PhotoStudio(images: images(settings), store: store), store: store,
            outbound: outbound, secrets: settings.clientSecrets,
            adviser: FaultAdviser(chat: settings.chat.map { ChatEndpoint($0, outbound: outbound) }, store: store, reader: reader),
            reader: reader,
            demo: { tenant in production ? [] : DemoSeed.signIns([tenant]).map(DemoSignIn.init) },
            channels: Channels(mail: folder ?? settings.mail.mail, sms: settings.mail.sms),
            push: PushChannel(
                web: settings.push.web(outbound), firebase: settings.push.firebase(outbound), sealer: settings.sealer),
            folder: folder,
            site: Site(secure: settings.web.secure, port: settings.port, secret: settings.secret),
            door: VisitorDoor(visitors), tokens: VisitorTokens(settings.secret), hub: LiveHub())
    }

    /// Strangers' photos are decoded, and passwords hashed, by copies of this binary; only tests, which are no such binary, do both
    /// themselves.
    private static func images(_ settings: Settings) -> ImageWorkshop {
        worker("image-worker", settings).map { ImageWorkshop(workers: $0) } ?? .inProcess()
    }

    private static func worker(_ command: String, _ settings: Settings) -> WorkerProgram? {
        settings.program.map { WorkerProgram(executable: $0, arguments: [command]) }
    }
}

extension DemoSignIn {
    init(_ signIn: DemoSeed.SignIn) {
        self.init(role: signIn.role, name: signIn.name, email: signIn.email, password: signIn.password)
    }
}
