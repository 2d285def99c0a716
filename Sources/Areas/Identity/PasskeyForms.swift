import Crypto
import Forms
import Foundation
import Tokens
import Web
import WebAuthn

/// What `navigator.credentials.get` answered, by the names that browsers give it (`toJSON`): a page's script puts them into hidden fields,
/// programs send them as they are.
struct PasskeyAnswer: Sendable {
    let credential: [UInt8]
    /// Whose it says it is; only some say.
    let holder: [UInt8]?
    let assertion: PasskeyAssertion

    static func isIn(_ form: inout FormReader) -> Bool { form.has("credential.id") }

    init(_ form: inout FormReader) {
        credential = form.base64URL("credential.id", max: 1400)
        holder = form.has("credential.response.user_handle") ? form.base64URL("credential.response.user_handle", max: 100) : nil
        assertion = PasskeyAssertion(
            clientData: form.base64URL("credential.response.client_data_json", max: 8000),
            authenticatorData: form.base64URL("credential.response.authenticator_data", max: 4000),
            signature: form.base64URL("credential.response.signature", max: 2000))
    }

    /// Stands for the passkey where tries are counted, whether or not there is one.
    var subject: String { Base64URL.encode(SHA256.hash(data: Data(credential))) }
}

/// What `navigator.credentials.create` answered, and what its holder calls it.
struct NewPasskeyForm: Sendable {
    /// What browsers call the ways to an authenticator; others are forgotten.
    private static let knownTransports: Set<String> = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"]

    let name: String
    let clientData: [UInt8]
    let attestation: [UInt8]
    let transports: [String]

    init(_ form: inout FormReader) {
        name = form.passkeyName()
        clientData = form.base64URL("credential.response.client_data_json", max: 8000)
        attestation = form.base64URL("credential.response.attestation_object", max: 88_000)
        transports = Set(form.texts("credential.response.transports", max: 20, .max(40)))
            .intersection(Self.knownTransports).sorted()
    }
}

extension FormReader {
    mutating func passkeyName() -> String { text("name", .required, .max(80)) }

    fileprivate mutating func base64URL(_ name: String, max: Int) -> [UInt8] {
        let text = text(name, .required, .max(max))
        guard let bytes = Base64URL.decode(text) else {
            fail(name, .notAllowed)
            return []
        }
        return bytes
    }
}
