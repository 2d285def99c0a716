import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// What a new conversation is about, and who might be meant.
struct ConversationCause: Sendable {
    var unit: UUID?
    var fault: UUID?
    var label: String?
    var people: [UUID] = []

    var hidden: [HiddenValue] {
        [unit.map { HiddenValue("unit_id", $0.text) }, fault.map { HiddenValue("fault_id", $0.text) }].compactMap(\.self)
    }
}

extension MessageDesk {
    func compose(
        _ values: FormValues, _ problems: [FieldProblem], _ recipients: [Recipient], _ cause: ConversationCause, words: String,
        draft: String
    ) -> NewConversationPage {
        let errors = errors(problems)
        func field(_ name: String, _ label: String, hint: String? = nil, required: Bool = false, most: Int? = nil) -> Field {
            Field(
                name, label: label, value: values[name], hint: hint, error: errors.message(for: name), required: required,
                maxLength: most)
        }
        let people = field("participant_ids", t.new.people, hint: recipients.isEmpty ? t.new.nobody : nil, required: true)
        let (subject, content) = (
            field("subject", t.new.subject, hint: t.new.subjectHint, most: 140),
            field("content", t.new.content, required: true, most: MessagingSettings.mostCharacters)
        )
        let attachments = field("attachments", t.thread.attach)
        let ticked = Set(values.all("participant_ids"))
        let kept = [HiddenValue("draft", draft)]
        return NewConversationPage(
            action: "/messages", back: "/messages", crumbs: [home, Crumb(t.new.title)],
            errors: errors.inOrder(of: [people, subject, content, attachments]),
            search: search(
                "/messages/new", words, recipients,
                cause.hidden.map { HiddenValue(String($0.name.dropLast(3)), $0.value) } + kept,
                people, ticked),
            people: people, choices: recipients.map(choice), ticked: ticked, about: cause.label.map { t.new.about(what: $0) },
            draft: draft, hidden: cause.hidden + kept, subject: subject, content: content, attachments: attachments)
    }

    /// The box is there as long as it may find anybody that the page does not show.
    private func search(
        _ action: WebPath, _ words: String, _ recipients: [Recipient], _ hidden: [HiddenValue], _ boxes: Field,
        _ ticked: Set<String>
    ) -> PeopleSearch? {
        guard !words.isEmpty || recipients.count >= Recipient.most else { return nil }
        return PeopleSearch(
            action: action, words: Field("q", label: t.new.find, value: words),
            hidden: hidden + ticked.sorted().map { HiddenValue("to", $0) }, ticks: boxes.name)
    }

    private func choice(_ recipient: Recipient) -> Choice {
        Choice(
            recipient.id.text, recipient.name,
            hint: context.tenant.titles(of: recipient.roles, language: context.language.rawValue))
    }

    func people(
        _ conversation: Conversation, _ people: [Participant], _ recipients: [Recipient], words: String, ticked: Set<String>,
        _ refused: FormErrors? = nil
    ) -> ConversationPeoplePage {
        let errors = errors(refused?.problems ?? [])
        let path = conversation.path
        let present = Set(people.map(\.id))
        let candidates = recipients.filter { !present.contains($0.id) }
        let title = t.people.title
        let boxes = Field("member_ids", label: t.people.who, error: errors.message(for: "member_ids"), required: true)
        return ConversationPeoplePage(
            title: title, crumbs: [home, Crumb(self.title(conversation), path), Crumb(title)], errors: errors,
            rows: people.map { row($0, conversation) },
            topic: "\(LiveTopic.conversation(conversation.id).text) \(presence(people))",
            search: search("\(path)/people", words, recipients, [], boxes, ticked),
            add: candidates.isEmpty ? nil : "\(path)/people",
            addField: boxes, choices: candidates.map(choice), ticked: ticked, leave: "\(path)/departure",
            settings: "\(path)/settings",
            mute: Field(
                "muted_hours", label: t.people.mute, value: conversation.isMuted(context.now) ? "" : "0", hint: t.people.muteHint,
                required: true),
            mutes: mutes(conversation), muted: muted(conversation), isArchived: conversation.archivedAt != nil,
            hidesPreview: conversation.hidesPreview)
    }

    /// Ten years are for ever.
    private static let forEver = 87_600

    private func mutes(_ conversation: Conversation) -> [Choice] {
        let spans = [8, 168, Self.forEver].map { Choice(String($0), t.people.muteFor(span: String($0))) }
        let end = Choice("0", t.people.muteFor(span: "0"))
        guard let muted = muted(conversation) else { return [end] + spans }
        return [Choice("", muted), end] + spans
    }

    private func muted(_ conversation: Conversation) -> String? {
        guard let until = conversation.mutedUntil, until > context.now else { return nil }
        let isForEver = until.timeIntervalSince(context.now) > 10_000 * 3600
        return isForEver ? t.people.mutedForEver : t.people.mutedUntil(moment: format.dateTime(until))
    }

    private func row(_ person: Participant, _ conversation: Conversation) -> ParticipantRow {
        let isOneself = person.id == viewer.member
        let mayRemove = !isOneself && (conversation.madeBy == viewer.member || viewer.isStaff)
        return ParticipantRow(
            name: isOneself ? t.people.oneself(name: person.name) : person.name,
            initials: Person(name: person.name, subtitle: "").initials, sub: t.people.since(date: format.date(person.joinedAt)),
            badge: person.isHere && !isOneself ? Badge(t.people.here, tone: .ok, mark: .dot) : nil,
            remove: mayRemove ? "\(conversation.path)/people/\(person.id.text)/removal" : nil,
            block: isOneself ? nil : "/messages/blocks/\(person.id.text)")
    }

    func settings(_ habit: MessageHabit, _ blocked: [Blocked]) -> MessageSettingsPage {
        MessageSettingsPage(
            action: "/messages/settings", crumbs: [home, Crumb(t.settings.title)], enterSends: habit.enterSends,
            hidesPresence: habit.hidesPresence,
            blocked: blocked.map {
                BlockedRow(
                    name: $0.name, since: format.moment($0.at, now: context.now),
                    unblock: "/messages/blocks/\($0.id.text)/revocation")
            })
    }
}
