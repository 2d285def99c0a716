import Forms
import Foundation
import Web

/// What somebody says.
struct MessageDraft: Sendable {
    let body: String
    let files: [Upload]
    /// The same one again is the same message; nil where the client has none.
    let key: String?

    init(_ form: inout FormReader) {
        body = form.optionalText("content", .max(MessagingSettings.mostCharacters), .lines) ?? ""
        files = form.files("attachments", max: 10)
        key = form.optionalText("client_id", .max(100))
        if body.isEmpty, files.isEmpty, !form.hasProblem("content"), !form.hasProblem("attachments") {
            form.fail("content", .required)
        }
    }
}

/// A conversation that somebody begins, as a rule with something to say.
struct ConversationDraft: Sendable {
    let participants: [UUID]
    let subject: String
    let unit: UUID?
    let fault: UUID?
    let body: String
    let files: [Upload]

    /// - Parameter speaks: whether it begins with a message, as it does on the page.
    init(_ form: inout FormReader, speaks: Bool) {
        participants = form.uuids("participant_ids", min: 1, max: MessagingSettings.mostMembers - 1)
        subject = form.optionalText("subject", .max(140)) ?? ""
        unit = form.optionalUUID("unit_id")
        fault = form.optionalUUID("fault_id")
        body = form.optionalText("content", .max(MessagingSettings.mostCharacters), .lines) ?? ""
        files = form.files("attachments", max: 10)
        if unit != nil, fault != nil { form.fail("unit_id", .notAllowed) }
        if speaks, body.isEmpty, files.isEmpty, !form.hasProblem("content") { form.fail("content", .required) }
    }
}

/// What it says instead.
struct EditDraft: Sendable {
    let body: String

    init(_ form: inout FormReader) {
        body = form.text("content", .required, .max(MessagingSettings.mostCharacters), .lines)
    }
}

/// How somebody has a conversation; what is left out stays.
struct StandingDraft: Sendable {
    /// Hours; 0 ends it.
    let mute: Int?
    let isArchived: Bool?
    let hidesPreview: Bool?

    /// - Parameter wholeForm: the page's form sends all of it, and of a box only that it is ticked.
    init(_ form: inout FormReader, wholeForm: Bool = false) {
        mute = form.optionalInt("muted_hours", in: 0...87_600)
        isArchived = form.has("archived") ? form.flag("archived") : nil
        hidesPreview = form.has("hides_preview") || wholeForm && form.has("muted_hours") ? form.flag("hides_preview") : nil
    }
}

/// How far somebody has read; all of it unless said.
struct ReadDraft: Sendable {
    let seq: Int?

    init(_ form: inout FormReader) {
        seq = form.optionalInt("seq")
    }
}

struct ReportDraft: Sendable {
    let reason: String

    init(_ form: inout FormReader) {
        reason = form.text("reason", .required, .max(1000), .lines)
    }
}

struct OutcomeDraft: Sendable {
    let outcome: String

    init(_ form: inout FormReader) {
        outcome = form.text("outcome", .required, .max(1000), .lines)
    }
}

/// How somebody wants to write and be seen.
struct HabitDraft: Sendable {
    let hidesPresence: Bool
    let enterSends: Bool

    init(_ form: inout FormReader) {
        hidesPresence = form.flag("hides_presence")
        enterSends = form.flag("enter_sends")
    }
}
