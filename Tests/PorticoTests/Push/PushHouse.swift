import Crypto
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import Mail
import Outbound
import Push
import Testing
import Web

@testable import Messaging
@testable import Notifications
@testable import portico

extension TestCompany {
    /// What reaches devices through a service at this machine.
    func channel(_ peer: TestPeer, firebase: FirebaseMessaging? = nil) throws -> PushChannel {
        let key = try #require(VAPIDKey(String(repeating: "5b", count: 64)))
        let outbound = Outbound(privateAddresses: ["127.0.0.1:\(peer.port)"])
        return PushChannel(
            web: WebPush(VAPID(key, contact: "mailto:house@portico.test"), outbound: outbound), firebase: firebase,
            sealer: app.settings.sealer)
    }

    /// Runs what there is to push, as if it were that time.
    @discardableResult
    func push(by channel: PushChannel, at now: Date = Date().addingTimeInterval(1)) async throws -> Int {
        var handlers = JobHandlers()
        app.postOffice(Channels(), push: channel).register(in: &handlers)
        MessageJobs(tenants: app.tenants).register(in: &handlers)
        return try await Worker(database: app.workerDatabase, handlers: handlers, logger: TestHouse.logger)
            .drain(tenant: tenant.id, asOf: now)
    }

    /// State and reason of what goes to a member's devices, oldest first.
    func pushes(_ member: TestMember) async throws -> [String] {
        try await walled.read(
            Query.values(
                """
                select concat_ws(' ', state, reason) from app.delivery
                 where tenant_id = \(tenant.id) and member_id = \(member.id) and channel = 'push' order by id
                """, String.self))
    }
}

extension TestMember {
    /// As a program.
    @discardableResult
    func register(_ device: PushDevice, at endpoint: String, label: String? = nil) async throws -> TestAnswer {
        let name = label.map { ",\"label\":\"\($0)\"" } ?? ""
        return try await api(
            .post, "/push/registrations",
            "{\"endpoint\":\"\(endpoint)\",\"p256dh\":\"\(device.p256dh)\",\"auth\":\"\(device.auth)\"\(name)}")
    }

    func devices() async throws -> [String] {
        let items = try await api(.get, "/push/registrations").json?["items"] as? [[String: Any]] ?? []
        return items.compactMap { $0["label"] as? String }
    }
}

extension TestPeer {
    static func status(_ status: HTTPResponse.Status, _ headers: HTTPFields = [:]) -> Response {
        Response(status: status, headers: headers)
    }
}
