import Foundation
import Tenancy
import Web

/// What would come of a draft: mistakes with their lines, the difference, and for rules what they would do to what is there.
struct Review: Sendable {
    let before: CompanyFiles
    let after: CompanyFiles
    let problems: [TenantProblem]
    let difference: [FileDifference]
    let impacts: [RuleImpact]
    /// What the files make; nil with problems in them.
    let configuration: TenantConfiguration?

    var isGood: Bool { problems.isEmpty }

    /// A line of a file, for showing it beside what is wrong with it.
    func excerpt(_ problem: TenantProblem) -> String? {
        guard let text = after[problem.file] else { return nil }
        let lines = FileDifference.split(text)
        return lines.indices.contains(problem.line - 1) ? String(lines[problem.line - 1].prefix(200)) : nil
    }
}

/// Looks at drafts for one request.
struct Reviewing: Sendable {
    let context: MemberContext
    let impacts: [RuleImpacts]

    func review(_ before: CompanyFiles, _ after: CompanyFiles) async throws -> Review {
        let (configuration, problems) = judge(after)
        var found: [RuleImpact] = []
        if let configuration {
            let tenant = Tenant(id: context.tenant.id, configuration: configuration)
            for count in [PeopleImpacts.count] + impacts { found += try await count(tenant, context) }
        }
        return Review(
            before: before, after: after, problems: problems, difference: FileDifference.all(before, after), impacts: found,
            configuration: configuration)
    }

    /// - Throws: `PublicationRefused` when the files may not become the company's.
    func approve(_ after: CompanyFiles) throws {
        let (_, problems) = judge(after)
        guard problems.isEmpty else { throw PublicationRefused(problems: problems) }
    }

    private func judge(_ files: CompanyFiles) -> (TenantConfiguration?, [TenantProblem]) {
        do {
            let configuration = try context.house.tenants.check(files, of: context.tenant.slug)
            return (configuration, LockOut(context).problems(configuration))
        } catch {
            return (nil, error.problems)
        }
    }
}

struct PublicationRefused: Error {
    let problems: [TenantProblem]
}
