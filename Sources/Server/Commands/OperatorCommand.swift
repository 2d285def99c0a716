import ArgumentParser
import Foundation
import Logging
import Platform
import Web

/// Accounts of those who look after all companies. There is no other way to make one.
struct OperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operator", abstract: "Those who look after all companies.",
        subcommands: [Add.self, List.self, Disable.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an account, or let its holder start afresh, and print the link that sets it up, good once for a day.")

        @Argument(help: "The operator's mail address.")
        var email: String

        @Option(help: "The name that companies see; the address's first part unless given.")
        var name: String?

        @Flag(help: "Only as long as nobody has set up an account: for a first start.")
        var first = false

        func run() async throws {
            guard email.contains("@"), (3...254).contains(email.utf8.count) else {
                throw ValidationError("\(email) is no mail address")
            }
            let name = self.name ?? String(email.prefix { $0 != "@" })
            guard (1...120).contains(name.count) else { throw ValidationError("The name must have 1 to 120 characters") }
            try await OperatorDesk.open { app, host in
                let link = try await app.platformDatabase.withoutTenant { tx in
                    if first, try await tx.query(Operator.all).contains(where: \.isSetUp) { return SessionToken?.none }
                    return try await Operators(tx).invite(email, name: name, app.house.sealer, now: Date())
                }
                guard let link else { return }
                print("Platform: \(name) <\(email)> sets up the account at \(app.house.url(host, "/set-up/\(link.text)"))")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print every account.")

        func run() async throws {
            try await OperatorDesk.open { app, _ in
                for one in try await app.platformDatabase.withoutTenant({ tx in try await tx.query(Operator.all) }) {
                    let state = one.isDisabled ? "disabled" : one.isSetUp ? "active" : "invited"
                    print("\(state)  \(one.email)  \(one.name)")
                }
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End an account at its next request.")

        @Argument(help: "The operator's mail address.")
        var email: String

        func run() async throws {
            try await OperatorDesk.open { app, _ in
                let done = try await app.platformDatabase.withoutTenant { tx in
                    try await Operators(tx).disable(email, now: Date())
                }
                guard done else { throw ValidationError("There is no active operator \(email)") }
            }
        }
    }
}

private enum OperatorDesk {
    static func open(_ body: (App, _ host: String) async throws -> Void) async throws {
        var logger = Logger(label: "portico")
        logger.logLevel = .error
        let app = try await App.build(try Settings(), logger: logger)
        guard let host = app.settings.platformHost else {
            throw SettingsError("PORTICO_PLATFORM_HOST is not set: operators need a host of their own to sign in at")
        }
        try await body(app, host)
        await app.platformDatabase.shutdown()
        await app.database.shutdown()
    }
}
