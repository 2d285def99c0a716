import Database
import Foundation
import Jobs
import Push
import Secrets

/// What reaches people's devices; nil where the operator has not set it up.
package struct PushChannel: Sendable {
    let web: WebPush?
    let firebase: FirebaseMessaging?
    private let sealer: Sealer?
    /// Members choose the services that reach their devices, and one that takes its time holds its place for as long.
    let lane = JobLane(most: 4, ofCompany: 2)

    package init(web: WebPush?, firebase: FirebaseMessaging?, sealer: Sealer?) {
        (self.web, self.firebase, self.sealer) = (web, firebase, sealer)
    }

    package static let none = PushChannel(web: nil, firebase: nil, sealer: nil)

    /// By which browsers know this platform.
    package var publicKey: String? { web?.publicKey }

    func serves(_ kind: PushKind) -> Bool {
        switch kind {
        case .web: web != nil
        case .fcm: firebase != nil
        }
    }

    /// - Returns: what the service said, for the log.
    func send(_ note: PushNote, to device: PushTarget, tenant: Int32, now: Date) async throws(PushFailure) -> String {
        guard let sealer, let address = PushAddress.open(device.sealed, hash: device.hash, sealer, tenant) else {
            throw .gone("nobody can read its address")
        }
        let payload: [UInt8]
        do { payload = try note.payload() } catch { throw .rejected("\(error)") }
        switch address {
        case .web(let endpoint, let p256dh, let auth):
            guard let web, let keys = WebPushKeys(p256dh: p256dh, auth: auth) else { throw .gone("no keys") }
            return try await web.send(payload, to: endpoint, keys, note.terms(tenant), for: tenant, now: now)
        case .firebase(let token):
            guard let firebase else { throw .gone("no Firebase") }
            return try await firebase.send(note.forFirebase(), to: token, note.terms(tenant), for: tenant, now: now)
        }
    }
}

/// The device that a delivery is for.
struct PushTarget: Sendable {
    let id: UUID
    let kind: PushKind
    let label: String
    let hash: [UInt8]
    let sealed: [UInt8]

    /// Of a row with `device_id` and so on; nil where the device is gone.
    init?(row: Row) throws {
        guard let id = try row["device_id"] as UUID?, let kind = try row["device_kind"] as PushKind?,
            let hash = try row["device_hash"] as [UInt8]?, let sealed = try row["device_sealed"] as [UInt8]?
        else { return nil }
        (self.id, self.kind, self.hash, self.sealed) = (id, kind, hash, sealed)
        label = try row["device_label"] as String? ?? ""
    }
}
