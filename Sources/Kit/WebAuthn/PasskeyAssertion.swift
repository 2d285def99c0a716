import Crypto
import Foundation

/// A passkey as it is known, for whoever shows it again.
public struct KnownPasskey: Sendable {
    public let key: PasskeyKey
    /// The highest that was seen.
    public let counter: Int64
    public let canBackUp: Bool

    public init(key: PasskeyKey, counter: Int64, canBackUp: Bool) {
        self.key = key
        self.counter = counter
        self.canBackUp = canBackUp
    }
}

/// The answer of `navigator.credentials.get`.
public struct PasskeyAssertion: Sendable {
    /// What to keep of an answer that was right.
    public struct Finding: Sendable, Equatable {
        /// base64url; it must not count a second time.
        public let challenge: String
        public let counter: Int64
        public let isBackedUp: Bool
    }

    public let clientData: [UInt8]
    public let authenticatorData: [UInt8]
    public let signature: [UInt8]

    public init(clientData: [UInt8], authenticatorData: [UInt8], signature: [UInt8]) {
        self.clientData = clientData
        self.authenticatorData = authenticatorData
        self.signature = signature
    }

    /// Checks it as WebAuthn Level 2, §7.2 says.
    ///
    /// - Parameter isOurs: whether a challenge was handed out for this and still holds.
    /// - Throws: `PasskeyProblem`; `counter` only when everything else is right.
    public func verify(_ passkey: KnownPasskey, at site: PasskeySite, challenge isOurs: (String) -> Bool)
        throws(PasskeyProblem) -> Finding
    {
        let said = try ClientData(clientData, type: ClientData.assertion, at: site)
        guard isOurs(said.challenge) else { throw .challenge }
        let data = try AuthenticatorData(authenticatorData, at: site)
        guard passkey.key.verifies(signature, of: authenticatorData + Array(SHA256.hash(data: Data(clientData)))) else {
            throw .signature
        }
        guard data.canBackUp == passkey.canBackUp else { throw .changed }
        let counter = Int64(data.counter)
        guard counter > passkey.counter || (counter == 0 && passkey.counter == 0) else { throw .counter }
        return Finding(challenge: said.challenge, counter: counter, isBackedUp: data.isBackedUp)
    }
}
