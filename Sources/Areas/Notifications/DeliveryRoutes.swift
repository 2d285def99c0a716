import Audit
import Forms
import Foundation
import UI
import Web

/// The log of everything that was sent, for admins.
struct DeliveryRoutes: Sendable {
    func add(to routes: Routes) {
        routes.get("admin/deliveries", may: .seeDeliveries, use: list)
            .tells("Lists mails and text messages and what became of them.")
            .asks(.text("q"), .choice("state", DeliveryState.self), .choice("channel", Medium.self)).lists(DeliveryJSON.self)
        routes.get("admin/deliveries.csv", may: .seeDeliveries, use: export)
            .tells("The same as CSV.")
            .asks(.text("q"), .choice("state", DeliveryState.self), .choice("channel", Medium.self)).gives(file: "text/csv")
        routes.post("admin/deliveries/retry", may: .retryDeliveries, use: retryAll)
            .tells("Tries everything again that was given up.").gives([String: Int].self)
        routes.post("admin/deliveries/{id}/retry", may: .retryDeliveries, use: retry)
            .tells("Tries one again.").givesNothing()
    }

    @Sendable private func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor, filter) = (try incoming.limit(), try incoming.cursor(), DeliveryFilter(incoming))
        let (lines, total) = try await context.read(
            filter.lines(context.tenant.id, cursor, size: size), filter.count(context.tenant.id))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        let tries = try await context.read(TryLine.of(page.lines.map(\.id), context.tenant.id))
        let byDelivery = Dictionary(grouping: tries, by: \.delivery)
        return .show(
            DeliveriesPage(page, byDelivery, total, filter, context),
            json: ListJSON(
                items: page.lines.map { DeliveryJSON($0, byDelivery[$0.id] ?? []) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable private func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let filter = DeliveryFilter(incoming)
        var csv = CSV(head: ["created_at", "kind", "channel", "recipient", "address", "state", "reason", "tries", "settled_at"])
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(filter.lines(context.tenant.id, cursor, size: 1000))
            for line in lines.prefix(1000) { csv.append(line.cells) }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        try await context.write { tx in try tx.audit("deliveries.exported", "delivery", nil) }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "deliveries.csv"))
    }

    @Sendable private func retry(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let done = try await context.write { tx in try await Deliveries(tx).retry(id) }
        guard done else { throw Failure.notFound }
        return .gone(at: "/admin/deliveries", flash: Flash(NotificationsMessages(context.language).deliveries.retried))
    }

    @Sendable private func retryAll(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let count = try await context.write { tx in try await Deliveries(tx).retryUndeliverable() }
        let t = NotificationsMessages(context.language).deliveries
        return try .done(["count": count], at: "/admin/deliveries", flash: Flash(t.allRetried(count: count)))
    }
}

extension DeliveryLine {
    var cells: [String] {
        [
            createdAt.formatted(.iso8601), kind, medium.rawValue, name ?? "", address ?? "", state.rawValue, reason ?? "",
            String(tries), settledAt?.formatted(.iso8601) ?? ""
        ]
    }
}

struct DeliveryJSON: Codable, Sendable {
    struct Try: Codable {
        let beganAt: Date
        let endedAt: Date?
        let outcome: String?
        let detail: String
    }

    let id: String
    let kind: String
    let channel: String
    let recipient: String?
    let address: String?
    let state: String
    let reason: String?
    let createdAt: Date
    let dueAt: Date
    let settledAt: Date?
    let tries: [Try]

    init(_ line: DeliveryLine, _ tries: [TryLine]) {
        id = line.id.text
        kind = line.kind
        channel = line.medium.rawValue
        recipient = line.name
        address = line.address
        state = line.state.rawValue
        reason = line.reason
        createdAt = line.createdAt
        dueAt = line.dueAt
        settledAt = line.settledAt
        self.tries = tries.map { Try(beganAt: $0.beganAt, endedAt: $0.endedAt, outcome: $0.outcome, detail: $0.detail) }
    }
}
