import Database
import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// Opens a form, looks at what somebody sends with it, and publishes that.
struct Submitting: Sendable {
    let context: MemberContext
    let impacts: [RuleImpacts]

    private var reviewing: Reviewing { Reviewing(context: context, impacts: impacts) }
    private var desk: ConfigurationDesk { ConfigurationDesk(context) }

    func files() async throws -> CompanyFiles {
        guard let files = try await context.house.tenants.files(of: context.tenant.slug) else { throw Failure.notFound }
        return files
    }

    func open(_ form: some ConfigurationForm) async throws -> Reply {
        let files = try await files()
        let base = files.digest(of: form.names(nil))
        do {
            let state = FormState(files: files, values: try form.values(files), base: base)
            let json = try form.json(files, base: base)
            return .show(page: { try form.page(state) }, json: { try JSON.encode(json) })
        } catch let problem as TenantProblem {
            return try broken(problem)
        }
    }

    func submit<Form: ConfigurationForm>(_ form: Form, _ incoming: Incoming) async throws -> Reply {
        if incoming.submission.single("step") != DraftHead.Step.check.rawValue { try context.requireFresh() }
        let now = try await files()
        func page(_ problems: [FieldProblem], _ review: Review? = nil) -> @Sendable () throws -> any Page {
            let state = FormState(
                files: now, values: incoming.values, base: incoming.submission.single("base") ?? "", problems: problems,
                review: review)
            return { try form.page(state) }
        }
        do {
            let (head, draft) = try incoming.submission.read { (DraftHead(&$0), Form.draft(&$0, context.tenant)) }
            let names = form.names(draft)
            guard now.digest(of: names) == head.base else { return try await merge(form, draft, head, now) }
            let changes = try form.changes(draft, now)
            let review = try await reviewing.review(now, now.changed(changes))
            if head.step == .check {
                return .show(page: page([], review), json: { try JSON.encode(ConfigurationReviewJSON(review)) })
            }
            guard review.isGood else { return .refused(page: page([], review), review.fieldProblems) }
            guard !review.difference.isEmpty else { throw FormErrors([FieldProblem("", .own("nothing_changed"))]) }
            let publication = PublicationDraft(
                changes: Dictionary(uniqueKeysWithValues: names.map { ($0, changes[$0] ?? now[$0]) }), base: head.base,
                reason: head.reason)
            return try await publish(publication, at: form.address)
        } catch let errors as FormErrors {
            return .refused(page: page(errors.problems), errors.problems)
        } catch is YAMLEditor.TooIntricate {
            let problems = [FieldProblem("", .own("too_intricate"))]
            return .refused(page: page(problems), problems)
        } catch let refused as PublicationRefused {
            let problems = refused.problems.map(FieldProblem.init)
            return .refused(page: page(problems), problems)
        } catch let problem as TenantProblem {
            return try broken(problem)
        } catch let conflict as PublicationConflict {
            let (head, draft) = try incoming.submission.read { (DraftHead(&$0), Form.draft(&$0, context.tenant)) }
            return try await merge(form, draft, head, conflict.now)
        }
    }

    /// - Throws: `PublicationConflict`, `PublicationRefused`.
    func publish(_ draft: PublicationDraft, at path: WebPath) async throws -> Reply {
        let tenants = context.house.tenants
        let number = try await context.write { tx in
            try await Publications(tx: tx, tenants: tenants, tenant: context.tenant)
                .publish(draft) { _, next in try reviewing.approve(next) }
        }
        // What has been accepted is not lost when this fails: the job tries it again.
        try? await ConfigurationFolder(tenants).settle(context.tenant, try await context.proved())
        let version = try await context.read(ConfigurationVersion.find(number, context.tenant.id))
        return try .created(
            ConfigurationVersionJSON(version), at: path,
            flash: Flash(
                desk.t.published(number: number), path: "/admin/configuration/history/\(number)", label: desk.t.showVersion))
    }

    /// 409: what the loser wanted, what is there now, and both together where they do not touch the same lines.
    private func merge<Form: ConfigurationForm>(_ form: Form, _ draft: Form.Draft, _ head: DraftHead, _ now: CompanyFiles)
        async throws -> Reply
    {
        let names = form.names(draft)
        let recent = try await context.read(VersionFiles.recent(context.tenant.id))
        let base = recent.map(\.files).first { $0.digest(of: names) == head.base }
        let yours = try (base ?? now).changed(form.changes(draft, base ?? now))
        let last = try await context.read(ConfigurationVersion.last(context.tenant.id))
        let page = desk.conflict(names, base: base, theirs: now, yours: yours, head.reason, by: last)
        return .conflict(page: { page }, .staleVersion)
    }

    /// A form cannot change a file that it cannot read; as text people can.
    private func broken(_ problem: TenantProblem) throws -> Reply {
        guard context.face == .page else {
            throw Failure(.conflict, "configuration_broken", "Mend the file as text first: \(problem.description)")
        }
        return .redirect(("/admin/configuration/text" as WebPath).adding(query: [("file", problem.file)]))
    }
}

extension Review {
    var fieldProblems: [FieldProblem] { problems.map(FieldProblem.init) }
}

extension FieldProblem {
    /// A mistake in a file, for programs: `tenant.yaml:12:5: roles.manager: …`.
    init(_ problem: TenantProblem) {
        self.init("text", .own(problem.description))
    }
}
