import ArgumentParser

/// `portico`: one binary for everything.
@main
struct Portico: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portico", abstract: "Property management for many companies, in one binary and one Postgres.",
        subcommands: [
            Serve.self, Migrate.self, Seed.self, RoutesCommand.self, TenantsCommand.self, Doctor.self, AuditCommand.self,
            OperatorCommand.self, VotesCommand.self,
            Bench.self, ImageWorkerCommand.self, OCRWorkerCommand.self, PasswordWorkerCommand.self
        ])

    @MainActor static func main() async {
        Footing.take()
        await main(nil)
    }
}
