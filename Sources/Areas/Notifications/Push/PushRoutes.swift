import Forms
import Foundation
import HTML
import Identity
import UI
import Web

/// The devices that a member is told on. They are part of the page of what one is told.
struct PushRoutes: Sendable {
    /// By which browsers know this platform; nil where push is not set up.
    let key: String?

    /// Every address that a trial goes to is one that somebody wrote down, and may never answer.
    static let registering = RateLimit("push-devices", 40, per: 3600)
    static let trying = RateLimit("push-trials", 10, per: 3600)

    func add(to routes: Routes) {
        routes.memberGet("push/key", on: .api, use: showKey)
            .tells("The key that a browser subscribes with (`applicationServerKey`).")
            .notes("Where push is not set up there is none.")
            .gives(PushKeyJSON.self)
        routes.memberGet("push/registrations", on: .api, use: list)
            .tells("Lists the devices that you are told on.").listsAll(PushRegistrationJSON.self)
        routes.memberPost("push/registrations", use: register)
            .tells("Registers a device that you are told on.")
            .notes("A browser by its subscription (`endpoint`, `p256dh`, `auth`), an app by `kind` `fcm` and its `token`.")
            .takes { _ = PushDraft(&$0, anywhere: false) }.creates(PushRegistrationJSON.self, once: false).fails(409, 429)
        routes.memberPost("push/registrations/trial", use: tryOut)
            .tells("Sends a message to each of your devices, at most once a minute and ten times an hour.").gives(
                PushTrialJSON.self
            )
            .fails(429)
        routes.memberPost("push/registrations/{id}/removal", on: .page, use: remove)
        routes.memberDelete("push/registrations/{id}", use: remove)
            .tells("Tells a device nothing any more.").givesNothing()
    }

    @Sendable private func showKey(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        _ = try await context.proved()
        return try .done(PushKeyJSON(key: key), at: "/account/notifications")
    }

    @Sendable private func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let devices = try await context.read(PushRegistration.all(context.memberID, context.tenant.id))
        let items = devices.map(PushRegistrationJSON.init)
        return try .done(ListJSON(items: items, nextCursor: nil, total: items.count), at: "/account/notifications")
    }

    @Sendable private func register(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let t = NotificationsMessages(context.language).push
        do {
            let draft = try incoming.submission.read { PushDraft(&$0, anywhere: context.house.settings.development) }
            try await Self.registering.spend(context.memberID.text, context.proved(), now: context.now)
            let isBrowser = draft.address.kind == .web
            let label = draft.label ?? DeviceWords.of(incoming.headers[.userAgent], isBrowser: isBrowser, context.language)
            let browser = context.face == .page ? context.house.cookies.device(in: incoming.headers)?.hash : nil
            let made = try await context.write { tx in
                let id = try await PushRegistrations(tx: tx, member: context.memberID).register(
                    draft, label: String(label.prefix(80)), browser: browser, session: context.session.id,
                    context.house.sealer)
                return try await tx.query(PushRegistration.find(id, context.tenant.id))
            }
            return try .created(PushRegistrationJSON(made), at: "/account/notifications", flash: Flash(t.registered))
        } catch let errors as FormErrors {
            let preferences = try await Preferences.find(context.memberID, context)
            let part = PushPart(preferences.devices, key, incoming, context)
            return .refused(page: { PreferencesPage(preferences, part, context, errors.problems) }, errors.problems)
        }
    }

    @Sendable private func tryOut(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let t = NotificationsMessages(context.language).push
        try await Self.trying.spend(context.memberID.text, context.proved(), now: context.now)
        let count = try await context.write { tx in try await PushRegistrations(tx: tx, member: context.memberID).tryOut() }
        return try .done(
            PushTrialJSON(devices: count), at: "/account/notifications",
            flash: count == 0 ? Flash(t.triedLately, tone: .note) : Flash(t.tried(count: count)))
    }

    @Sendable private func remove(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try await context.write { tx in try await PushRegistrations(tx: tx, member: context.memberID).remove(id) }
        return .gone(at: "/account/notifications", flash: Flash(NotificationsMessages(context.language).push.removed))
    }
}

struct PushKeyJSON: Codable, Sendable {
    let key: String?
}

struct PushTrialJSON: Codable, Sendable {
    /// How many are told.
    let devices: Int
}

struct PushRegistrationJSON: Codable, Sendable {
    let id: String
    let kind: String
    let label: String
    let madeAt: Date
    /// The last time that something reached it.
    let reachedAt: Date?

    init(_ device: PushRegistration) {
        id = device.id.text
        kind = device.kind.rawValue
        label = device.label
        madeAt = device.madeAt
        reachedAt = device.lastOkAt
    }
}
