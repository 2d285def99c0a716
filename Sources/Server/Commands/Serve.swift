import ArgumentParser
import Database
import Foundation
import Hummingbird
import Jobs
import Live
import Logging
import ServiceLifecycle
import Setup
import Tenancy
import UnixSignals
import Web

/// Serves pages, programs and jobs until SIGTERM or Ctrl-C; then lets requests finish and hands unfinished jobs back.
struct Serve: AsyncParsableCommand {
    enum Role: String, ExpressibleByArgument, CaseIterable {
        case all, web, worker, ingest
    }

    static let configuration = CommandConfiguration(abstract: "Serve pages, API and jobs.")

    @Option(help: "all, web, worker or ingest: one process by default, separate ones in production.")
    var role = Role.all

    func run() async throws {
        OpenFiles.allowAll()
        let settings = try Settings()
        let logger = Log.start(settings)
        let app = try await App.build(settings, logger: logger)
        try await app.checkDatabase()
        for problem in app.tenants.problems {
            logger.warning("tenant configuration refused", metadata: ["problem": "\(problem)"])
        }
        var services: [any Service] = [DatabaseService(database: app.database), TenantWatch(tenants: app.tenants, logger: logger)]
        services.append(PublicationService(tenants: app.tenants, database: app.database))
        services.append(DatabaseService(database: app.workerDatabase))
        if role == .all || role == .worker { services += [app.worker(), app.scheduler()] }
        // Ingest has no routes of its own yet: it answers the same health checks and nothing else until telemetry arrives.
        if role != .worker {
            services += [
                DatabaseService(database: app.visitorDatabase), DatabaseService(database: app.platformDatabase),
                KeptAnswersService(kept: app.house.kept, database: app.database),
                LiveService(hub: app.parts.hub, database: app.workerDatabase, house: app.house, logger: logger),
                PresenceService(hub: app.parts.hub, database: app.workerDatabase, logger: logger), app.webService(logger: logger)
            ]
        }
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}

extension App {
    /// Refuses to serve on a wrong database: role, schema, a table outside the wall.
    func checkDatabase() async throws {
        for problem in try await DatabaseCheck.problems(self) {
            throw SettingsError(problem)
        }
    }

    func webService(logger: Logger) -> some Service {
        Application(
            responder: edge, server: .portico(deadlines: settings.web.deadlines),
            configuration: .init(address: .hostname(settings.address, port: settings.port), serverName: nil, backlog: 1024),
            onServerRunning: { channel in
                logger.info("serving", metadata: ["address": "\(channel.localAddress?.description ?? "-")"])
            }, logger: logger)
    }
}

struct DatabaseService: Service {
    let database: Database

    func run() async throws {
        await database.run()
    }
}

/// Hears which of the answers that this process keeps are out of date.
struct KeptAnswersService: Service {
    let kept: KeptAnswers
    let database: Database

    func run() async throws {
        let listener = try Listener(database.settings, channels: ["kept"], logger: database.logger)
        await cancelWhenGracefulShutdown { await kept.listen(listener) }
        listener.stop()
    }
}

/// Hears what other nodes publish. One with a folder of its own writes it there; all read theirs at once.
struct PublicationService: Service {
    let tenants: Tenants
    let database: Database

    func run() async throws {
        let listener = try Listener(database.settings, channels: ["kept"], logger: database.logger)
        await cancelWhenGracefulShutdown {
            for await event in listener.events {
                switch event {
                // Something may have been published while nobody listened.
                case .listening, .gap: await ConfigurationFolder(tenants).settleAll(database)
                case .notification(_, let payload):
                    let words = payload.split(separator: " ")
                    guard words.count == 2, words[1] == "configuration" else { continue }
                    if let tenant = Int32(words[0]).flatMap({ tenants.tenant(id: $0) }) { await settle(tenant) }
                case .deaf: continue
                }
            }
        }
        listener.stop()
    }

    /// What does not succeed now is tried again by the publication's job.
    private func settle(_ tenant: Tenant) async {
        try? await ConfigurationFolder(tenants).settle(tenant, database.tenant(TxFacts(tenant: tenant.id)))
    }
}

/// Reloads companies when their files change, and on SIGHUP.
struct TenantWatch: Service {
    let tenants: Tenants
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        try await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await tenants.watch() }
                group.addTask {
                    for await _ in signals { _ = await tenants.reload() }
                }
                await group.waitForAll()
            }
        }
    }
}
