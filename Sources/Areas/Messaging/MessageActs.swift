import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// What can be done with a message that was sent.
extension MessageRoutes {
    @Sendable func editor(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = MessageDesk(context)
        let page = try await editPage(incoming, desk, nil)
        return .page(page)
    }

    @Sendable func edit(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = MessageDesk(context)
        let (conversation, id) = (try incoming.id("conversation"), try incoming.id("message"))
        _ = try await context.read(Message.find(id, in: conversation, desk.viewer))
        do {
            let draft = try incoming.submission.read { EditDraft(&$0) }
            let message = try await context.write { tx in
                try await desk.conversations(tx).edit(id, in: conversation, draft)
            }
            let files = try await context.read(MessageFile.of([id], context.tenant.id))
            return try .done(MessageJSON(message, files), at: "/messages/\(conversation.text)", flash: Flash(desk.t.edit.done))
        } catch let errors as FormErrors {
            let page = try await editPage(incoming, desk, FormErrors(errors.problems, values: incoming.values))
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where context.face == .page && failure.status == .conflict {
            let page = try await editPage(
                incoming, desk, FormErrors([FieldProblem("content", .own(failure.code))], values: incoming.values))
            return .failed(page: { page }, failure)
        }
    }

    /// The page of one's own message; nobody else's has one.
    private func editPage(_ incoming: Incoming, _ desk: MessageDesk, _ refused: FormErrors?) async throws -> EditMessagePage {
        let (id, message) = (try incoming.id("conversation"), try incoming.id("message"))
        let (conversation, found, versions) = try await desk.context.read(
            Conversation.find(id, desk.viewer), Message.find(message, in: id, desk.viewer),
            MessageVersion.of(message, desk.viewer.tenant))
        guard found.authorID == desk.viewer.member else { throw Failure.notFound }
        return desk.edit(found, versions, conversation, refused)
    }

    @Sendable func delete(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = MessageDesk(context)
        let (conversation, id) = (try incoming.id("conversation"), try incoming.id("message"))
        do {
            try await context.write { tx in try await desk.conversations(tx).delete(id, in: conversation) }
            return .gone(at: "/messages/\(conversation.text)", flash: Flash(desk.t.edit.deleted))
        } catch let failure as Failure where context.face == .page && failure.status == .conflict {
            let page = try await editPage(incoming, desk, FormErrors([FieldProblem("content", .own(failure.code))]))
            return .failed(page: { page }, failure)
        }
    }

    // MARK: Reporting

    @Sendable func composeReport(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = MessageDesk(context)
        let page = try await reportPage(incoming, desk, nil)
        return .page(page)
    }

    @Sendable func report(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = MessageDesk(context)
        let (conversation, id) = (try incoming.id("conversation"), try incoming.id("message"))
        _ = try await context.read(Message.find(id, in: conversation, desk.viewer))
        do {
            let draft = try incoming.submission.read { ReportDraft(&$0) }
            let report = try await context.write { tx in
                try await desk.conversations(tx).report(id, in: conversation, draft)
            }
            return try .created(
                ReportedJSON(reportId: report.text), at: "/messages/\(conversation.text)", flash: Flash(desk.t.report.done))
        } catch let errors as FormErrors {
            let page = try await reportPage(incoming, desk, FormErrors(errors.problems, values: incoming.values))
            return .refused(page: { page }, errors.problems)
        }
    }

    private func reportPage(_ incoming: Incoming, _ desk: MessageDesk, _ refused: FormErrors?) async throws -> ReportMessagePage {
        let (id, message) = (try incoming.id("conversation"), try incoming.id("message"))
        let (conversation, found) = try await desk.context.read(
            Conversation.find(id, desk.viewer), Message.find(message, in: id, desk.viewer))
        guard found.authorID != desk.viewer.member else { throw Failure.notFound }
        return desk.report(found, conversation, refused)
    }
}
