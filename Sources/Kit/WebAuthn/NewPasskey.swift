/// A passkey that was just made, checked as WebAuthn Level 2, §7.1 says: what to keep of it.
///
/// No attestation is asked for. Where an authenticator sends a statement all the same, it must have its form, and nothing in it is believed:
/// which model somebody uses is nobody's business.
public struct NewPasskey: Sendable {
    /// An object without a statement has some 200 bytes, one with certificates a few thousand.
    private static let longest = 64 << 10

    /// base64url; it must not count a second time.
    public let challenge: String
    public let id: [UInt8]
    /// COSE, as it came (`PasskeyKey`).
    public let key: [UInt8]
    public let algorithm: Int
    public let counter: Int64
    /// Whether it may be copied to other devices of its holder by whoever keeps their passkeys; it never becomes another kind.
    public let canBackUp: Bool
    public let isBackedUp: Bool

    /// The answer of `navigator.credentials.create`.
    ///
    /// - Parameter isOurs: whether a challenge was handed out for this and still holds.
    /// - Throws: `PasskeyProblem`.
    public init(
        clientData json: [UInt8], attestation: [UInt8], at site: PasskeySite, challenge isOurs: (String) -> Bool
    ) throws(PasskeyProblem) {
        let said = try ClientData(json, type: ClientData.creation, at: site)
        guard isOurs(said.challenge) else { throw .challenge }
        challenge = said.challenge
        guard attestation.count <= Self.longest else { throw .malformed }
        let object = try CBORReader.value(of: attestation)
        guard object[.text("fmt")]?.text != nil, object[.text("attStmt")]?.isMap == true,
            let bytes = object[.text("authData")]?.bytes
        else { throw .malformed }
        let data = try AuthenticatorData(bytes, at: site)
        guard let credential = data.credential else { throw .malformed }
        algorithm = try PasskeyKey(cose: credential.key).algorithm
        (id, key) = (credential.id, credential.key)
        counter = Int64(data.counter)
        (canBackUp, isBackedUp) = (data.canBackUp, data.isBackedUp)
    }
}
