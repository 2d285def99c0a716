import ArgumentParser
import Tenancy

struct TenantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenants", abstract: "Companies and their configuration files.", subcommands: [Check.self, Schema.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every tenants/<slug>/tenant.yaml; exits 1 when one is wrong.")

        @Flag(help: "As JSON.")
        var json = false

        @Argument(help: "The folder of the companies.")
        var folder = "tenants"

        func run() async throws {
            let report = TenantCheck.run(folder, rules: Sections.rules)
            print(json ? try report.json() : report.text, terminator: "")
            if !report.isGood { throw ExitCode(1) }
        }
    }

    struct Schema: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the JSON Schema of tenant.yaml, for editors.")

        func run() async throws {
            print(JSONSchema.print(Sections.rules))
        }
    }
}
