import Audit
import Database
import Foundation
import HTML
import UI
import Web

/// `/unsubscribe/…`, signed out.
package struct UnsubscribePage: Sendable {
    var title: String
    var text: String
    /// POST; nil once it is done.
    var action: WebPath?
    var settings: WebPath
}

/// The way out of one kind's mails that every mail carries (RFC 8058). The address itself proves the right: it is signed for this
/// company, member and kind. GET changes nothing, because mail programs open links ahead of people.
struct Unsubscribe: Sendable {
    private let member: UUID
    private let kind: NoticeKind
    private let path: WebPath

    /// - Throws: 404 unless the signature is ours.
    init(_ incoming: Incoming, _ context: TenantContext) throws {
        let (name, signature) = (try incoming.parameter("kind"), try incoming.parameter("signature"))
        member = try incoming.id("member")
        guard let kind = NoticeKind.of(name), kind.name == name,
            context.house.secret.verify(signature, "unsubscribe", String(context.tenant.id), member.text, name)
        else { throw Failure.notFound }
        self.kind = kind
        path = "/unsubscribe/\(member.text)/\(name)/\(signature)"
    }

    @Sendable static func show(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let unsubscribe = try Unsubscribe(incoming, context)
        return .page(unsubscribe.page(context, done: false))
    }

    /// No redirect: the mail provider that posts here follows none.
    @Sendable static func perform(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let unsubscribe = try Unsubscribe(incoming, context)
        try await context.walled.write { tx in try await unsubscribe.turnOff(tx) }
        return .page(unsubscribe.page(context, done: true))
    }

    private func turnOff(_ tx: Tx) async throws {
        let isMember = try await tx.value(
            "select exists (select from app.member where tenant_id = \(tx.facts.tenant) and id = \(member))", Bool.self)
        guard isMember else { throw Failure.notFound }
        try await Preferences.choose([(kind.name, .mail, .off)], member, tx)
        try tx.audit(
            "member.unsubscribed", "member", member, AuditChange(after: [Preferences.field(kind, .mail): Timing.off.rawValue]),
            actor: member)
    }

    private func page(_ context: TenantContext, done: Bool) -> UnsubscribePage {
        let t = NotificationsMessages(context.language)
        let title = t.title(kind.name)
        return UnsubscribePage(
            title: done ? t.unsubscribe.done : t.unsubscribe.title,
            text: done ? t.unsubscribe.doneText(kind: title) : t.unsubscribe.text(kind: title), action: done ? nil : path,
            settings: "/account/notifications")
    }
}
