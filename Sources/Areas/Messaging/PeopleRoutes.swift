import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Who takes part, whom one does not want to hear from, and how one writes.
extension MessageRoutes {
    @Sendable func people(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let page = try await peoplePage(incoming, MessageDesk(context), words: incoming.words, ticked: incoming.ticked)
        return .page(page)
    }

    private func peoplePage(
        _ incoming: Incoming, _ desk: MessageDesk, words: String = "", ticked: [UUID], _ refused: FormErrors? = nil
    ) async throws -> ConversationPeoplePage {
        let id = try incoming.id("conversation")
        let (conversation, people, recipients) = try await desk.context.read(
            Conversation.find(id, desk.viewer), Participant.of(id, desk.viewer, now: desk.context.now),
            Recipient.all(desk.viewer, named: words, besides: ticked))
        return desk.people(conversation, people, recipients, words: words, ticked: Set(ticked.map(\.text)), refused)
    }

    @Sendable func addPeople(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (MessageDesk(context), try incoming.id("conversation"))
        try await desk.requirePart(id)
        do {
            let people = try incoming.submission.read { $0.uuids("member_ids", min: 1, max: MessagingSettings.mostMembers) }
            try await context.write { tx in try await desk.conversations(tx).add(people, to: id) }
            let (conversation, all) = try await context.read(
                Conversation.find(id, desk.viewer), Participant.of(id, desk.viewer, now: context.now))
            return try .done(
                ConversationDetailJSON(conversation, all), at: "\(conversation.path)/people",
                flash: Flash(desk.t.people.added(count: people.count)))
        } catch let errors as FormErrors {
            let page = try await peoplePage(
                incoming, desk, ticked: incoming.values.ticked("member_ids"), FormErrors(errors.problems))
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where context.face == .page && failure.code == Failure.recipientBlocked.code {
            let page = try await peoplePage(
                incoming, desk, ticked: incoming.values.ticked("member_ids"),
                FormErrors([FieldProblem("member_ids", .own(failure.code))]))
            return .failed(page: { page }, failure)
        }
    }

    @Sendable func remove(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id, person) = (MessageDesk(context), try incoming.id("conversation"), try incoming.id("member"))
        try await context.write { tx in try await desk.conversations(tx).remove(person, from: id) }
        return .gone(at: "/messages/\(id.text)/people", flash: Flash(desk.t.people.removed))
    }

    @Sendable func leave(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (MessageDesk(context), try incoming.id("conversation"))
        try await context.write { tx in try await desk.conversations(tx).leave(id) }
        return .gone(at: "/messages", flash: Flash(desk.t.people.left))
    }

    // MARK: One's own

    @Sendable func settings(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = MessageDesk(context)
        let (habit, blocked) = try await context.read(MessageHabit.of(desk.viewer), Blocked.all(desk.viewer))
        return .show(
            desk.settings(habit ?? MessageHabit(), blocked), json: MessageHabitJSON(habit ?? MessageHabit()))
    }

    @Sendable func choose(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = MessageDesk(context)
        let draft = try incoming.submission.read { HabitDraft(&$0) }
        try await context.write { tx in try await desk.conversations(tx).set(draft) }
        var habit = MessageHabit()
        (habit.hidesPresence, habit.enterSends) = (draft.hidesPresence, draft.enterSends)
        return try .done(MessageHabitJSON(habit), at: "/messages/settings", flash: Flash(desk.t.settings.saved))
    }

    @Sendable func blocks(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let blocked = try await context.read(Blocked.all(MessageViewer(context)))
        return try .data(ListJSON(items: blocked.map { BlockedJSON($0) }, nextCursor: nil, total: blocked.count))
    }

    @Sendable func block(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, person) = (MessageDesk(context), try incoming.id("member"))
        try await context.write { tx in try await desk.conversations(tx).block(person) }
        return .gone(at: "/messages/settings", flash: Flash(desk.t.settings.blockedNow))
    }

    @Sendable func unblock(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, person) = (MessageDesk(context), try incoming.id("member"))
        try await context.write { tx in try await desk.conversations(tx).unblock(person) }
        return .gone(at: "/messages/settings", flash: Flash(desk.t.settings.unblocked))
    }
}
