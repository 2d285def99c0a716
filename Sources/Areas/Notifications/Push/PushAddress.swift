import Crypto
import Database
import Foundation
import Push
import Secrets
import Tokens

/// Where a device is reached. Whoever knows it can wake the device, so it is kept like a password.
enum PushAddress: Codable, Sendable, Equatable {
    /// What a browser gave with its subscription (Push API).
    case web(endpoint: String, p256dh: String, auth: String)
    /// What Firebase gave to an app.
    case firebase(token: String)

    var kind: PushKind {
        switch self {
        case .web: .web
        case .firebase: .fcm
        }
    }

    /// Tells two devices apart without naming them.
    var hash: [UInt8] {
        switch self {
        case .web(let endpoint, _, _): Self.hash("web:" + endpoint)
        case .firebase(let token): Self.hash("fcm:" + token)
        }
    }

    private static func hash(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }

    func sealed(_ sealer: Sealer, _ tenant: Int32) throws -> [UInt8] {
        try sealer.seal(Array(try JSONEncoder().encode(self)), for: Self.purpose(hash, tenant))
    }

    /// Nil when nobody can read it any more.
    static func open(_ sealed: [UInt8], hash: [UInt8], _ sealer: Sealer, _ tenant: Int32) -> PushAddress? {
        guard let bytes = try? sealer.open(sealed, for: purpose(hash, tenant)) else { return nil }
        return try? JSONDecoder().decode(PushAddress.self, from: Data(bytes))
    }

    private static func purpose(_ hash: [UInt8], _ tenant: Int32) -> String {
        "push_registration:\(tenant):\(Base64URL.encode(hash))"
    }
}

/// How a device is reached: a browser through its own push service, an app through Firebase.
enum PushKind: String, Codable, CaseIterable, Sendable, SQLBindable, SQLDecodable {
    case web, fcm
}
