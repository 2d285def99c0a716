import Audit
import Forms
import Foundation
import HTML
import UI
import Web

/// The company's machines: somebody who looks after them makes them, replaces their tokens and revokes them.
struct DeviceRoutes: Sendable {
    func add(to routes: Routes) {
        routes.chapter("Devices")
        routes.get("admin/devices", may: .manageDevices, on: .page, use: list)
        routes.post("admin/devices", may: .manageDevices, on: .page, use: make)
        routes.post("admin/devices/{id}/token", may: .manageDevices, on: .page, use: replace)
        routes.post("admin/devices/{id}/revocation", may: .manageDevices, on: .page, use: revoke)
        routes.get("admin/devices.csv", may: .manageDevices, use: export)
            .tells("The company's devices as CSV.").gives(file: "text/csv")
        routes.get("devices", may: .manageDevices, on: .api, use: list)
            .tells("Lists the company's devices, newest first.").lists(DeviceJSON.self)
        routes.post("devices", may: .manageDevices, on: .api, use: make)
            .tells("Makes a device. Its token stands in this answer and never again.")
            .takes { _ = DeviceDraft(&$0, offered: [], $1.timeZone, now: Date()) }.creates(DeviceJSON.self, once: false)
        routes.post("devices/{id}/token", may: .manageDevices, on: .api, use: replace)
            .tells("Replaces a device's token; the one before it is over at once.").creates(DeviceJSON.self, once: false)
        routes.delete("devices/{id}", may: .manageDevices, use: revoke)
            .tells("Revokes a device for good.").givesNothing()
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (cursor, size) = (try incoming.cursor(), try incoming.limit())
        let (page, total) = try await lines(cursor, size, context)
        return .show(
            DevicesPage(page, total, context),
            json: ListJSON(items: page.lines.map { DeviceJSON($0, now: context.now) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func make(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        do {
            let draft = try incoming.submission.read {
                DeviceDraft(&$0, offered: DeviceDraft.offered(context), context.outer.zone, now: context.now)
            }
            let made = try await context.write { tx in
                try await Devices(tx: tx, rights: context.rights).make(draft, by: context.memberID)
            }
            return try await show(made, context)
        } catch let errors as FormErrors {
            let (page, total) = try await lines(.first, 20, context)
            return .refused(page: { DevicesPage(page, total, context, incoming.values, errors.problems) }, errors.problems)
        }
    }

    @Sendable func replace(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let made = try await context.write { tx in try await Devices(tx: tx, rights: context.rights).replace(id) }
        return try await show(made, context)
    }

    /// The token is shown in this answer and never again: nothing keeps it, neither a cookie nor what an idempotency key remembers.
    private func show(_ made: Devices.Made, _ context: MemberContext) async throws -> Reply {
        let line = try await context.read(DeviceLine.find(made.id, context.tenant.id))
        if context.face == .api {
            return .secret(try .created(DeviceJSON(line, now: context.now, token: made.token.text), at: "/devices"))
        }
        let (page, total) = try await lines(.first, 20, context)
        let shown = MadeToken(name: line.name, secret: made.token.text)
        return .secret(.page(DevicesPage(page, total, context, made: shown)))
    }

    @Sendable func revoke(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try await context.write { tx in try await Devices(tx: tx, rights: context.rights).revoke(id, by: context.memberID) }
        return .gone(at: "/admin/devices", flash: Flash(IdentityMessages(context.language).devices.gone))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        var csv = CSV(head: DeviceLine.head)
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(DeviceLine.page(cursor, size: 1000, context.tenant.id))
            for line in lines.prefix(1000) { csv.append(line.cells(at: context.now)) }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        try await context.write { tx in try tx.audit("devices.exported", "device", nil) }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "devices.csv"))
    }

    private func lines(_ cursor: Cursor, _ size: Int, _ context: MemberContext) async throws -> (KeysetPage<DeviceLine>, Int) {
        let (lines, total) = try await context.read(
            DeviceLine.page(cursor, size: size, context.tenant.id), DeviceLine.count(context.tenant.id))
        return (KeysetPage(lines, size: size, cursor: cursor) { $0.id }, total)
    }
}
