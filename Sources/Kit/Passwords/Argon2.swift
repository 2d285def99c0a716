import CArgon2

/// The one place that calls libargon2.
enum Argon2 {
    static func hash(_ password: [UInt8], salt: [UInt8], _ cost: PasswordCost) throws(PasswordHashFailure) -> String {
        let hashLength = 32
        let length = argon2_encodedlen(
            cost.passes, cost.memory, cost.lanes, UInt32(salt.count), UInt32(hashLength), Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let code = argon2id_hash_encoded(
            cost.passes, cost.memory, cost.lanes, password, password.count, salt, salt.count, hashLength, &encoded, length)
        try check(code)
        return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func verify(_ password: [UInt8], _ stored: String) throws(PasswordHashFailure) -> Bool {
        let code = argon2id_verify(stored, password, password.count)
        switch argon2_error_codes(rawValue: argon2_error_codes.RawValue(code)) {
        case ARGON2_VERIFY_MISMATCH, ARGON2_DECODING_FAIL, ARGON2_DECODING_LENGTH_FAIL: return false
        default:
            try check(code)
            return true
        }
    }

    private static func check(_ code: Int32) throws(PasswordHashFailure) {
        guard code != ARGON2_OK.rawValue else { return }
        throw PasswordHashFailure(description: "argon2: " + String(cString: argon2_error_message(code)))
    }
}
