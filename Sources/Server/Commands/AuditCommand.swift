import ArgumentParser
import Audit
import Database
import Foundation
import Logging
import Tenancy
import Web

/// The audit log from outside: for operators and for whoever audits them.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The sealed audit log.", subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recompute the chains and name the first line that was altered, removed or inserted; exits 1 on a finding.")

        @Option(help: "Slug of one company instead of all.")
        var tenant: String?

        @Option(help: "NUMBER:HASH of a seal that was noted earlier; the chain must still hold it. Only with --tenant.")
        var head: String?

        @Flag(help: "As JSON, one line per company.")
        var json = false

        func run() async throws {
            let noted = head.flatMap { NotedSeal($0) }
            if head != nil, noted == nil || tenant == nil {
                throw ValidationError("--head is NUMBER:HASH as an earlier check printed it, and needs --tenant")
            }
            var logger = Logger(label: "portico")
            logger.logLevel = .error
            let app = try await App.build(try Settings(), logger: logger)
            let tenants = app.tenants.all.filter { tenant == nil || $0.slug == tenant }
            guard !tenants.isEmpty else { throw ValidationError("There is no company \(tenant ?? "at all")") }
            var isIntact = true
            for tenant in tenants {
                let verdict = try await AuditCheck.verify(tenant, in: app.workerDatabase, noted: noted)
                isIntact = isIntact && verdict.isIntact
                print(try json ? AuditCheck.json(verdict, tenant) : AuditCheck.text(verdict, tenant))
            }
            await app.database.shutdown()
            await app.workerDatabase.shutdown()
            if !isIntact { throw ExitCode(1) }
        }
    }
}

enum AuditCheck {
    static func verify(_ tenant: Tenant, in database: Database, noted: NotedSeal? = nil) async throws -> AuditVerdict {
        try await database.tenant(TxFacts(tenant: tenant.id, requestID: "audit-verify")).read { tx in
            try await AuditVerifier(tx).verify(noted: noted)
        }
    }

    private struct Line: Encodable {
        let tenant: String
        let result: String
        let verdict: AuditVerdict
    }

    static func json(_ verdict: AuditVerdict, _ tenant: Tenant) throws -> String {
        String(decoding: try JSON.encode(Line(tenant: tenant.slug, result: verdict.result, verdict: verdict)), as: UTF8.self)
    }

    static func text(_ verdict: AuditVerdict, _ tenant: Tenant) -> String {
        guard let finding = verdict.finding else {
            return
                "ok    \(tenant.slug): \(verdict.sealed) sealed, \(verdict.waiting) waiting, head \(verdict.sealed):\(verdict.head)"
        }
        let line = finding.line.map { "line \($0)" } ?? "a line"
        let seal = finding.seal.map { " (seal \($0))" } ?? ""
        return "WRONG \(tenant.slug): \(line)\(seal) was \(finding.kind.rawValue)"
    }
}
