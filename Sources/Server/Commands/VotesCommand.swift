import ArgumentParser
import Database
import Foundation
import Logging
import Votes
import Web

/// Votes from outside: for whoever conducts one, and for whoever must be convinced.
struct VotesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "votes", abstract: "Ballots and their ledger.", subcommands: [RecountCommand.self])

    struct RecountCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "recount",
            abstract:
                "Check the chain of a vote's ledger and count it again, from the ledger alone; exits 1 when it does not hold or agree."
        )

        @Argument(help: "Id of the vote.")
        var vote: String

        func run() async throws {
            guard let id = UUID(uuidString: vote) else { throw ValidationError("\(vote) is no id of a vote") }
            var logger = Logger(label: "portico")
            logger.logLevel = .error
            let app = try await App.build(try Settings(), logger: logger)
            var found: RecountSummary?
            for tenant in app.tenants.all where found == nil {
                found = try await app.workerDatabase.tenant(TxFacts(tenant: tenant.id, requestID: "votes-recount")).read { tx in
                    try await RecountSummary.of(id, tx, app.house.sealer)
                }
            }
            await app.database.shutdown()
            await app.workerDatabase.shutdown()
            guard let found else { throw ValidationError("There is no vote \(vote), or its register is not taken yet") }
            print(found.text)
            if !found.isGood { throw ExitCode(1) }
        }
    }
}
