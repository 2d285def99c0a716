import Foundation
import Testing
import Tokens
import WebAuthn

/// One passkey and one sign-in with it, as another implementation wrote them: python-fido2 2.2 and cryptography 50, in November 2026. The
/// challenges are SHA-256 of "portico es256" and of that; keys are thrown away.
struct PasskeyVector: Sendable, CustomTestStringConvertible {
    let name: String
    let id: String
    let attestation: String
    let created: String
    let asserted: String
    let data: String
    let signature: String
    let challenges: [String]
    var testDescription: String { name }

    static let site = PasskeySite(host: "portal.lindenhof.example", origin: "https://portal.lindenhof.example")

    static func bytes(_ text: String) -> [UInt8] { Base64URL.decode(text) ?? [] }

    func register(at site: PasskeySite = site, challenge: String? = nil) throws -> NewPasskey {
        let wanted = challenge ?? challenges[0]
        return try NewPasskey(
            clientData: Self.bytes(created), attestation: Self.bytes(attestation), at: site, challenge: { $0 == wanted })
    }

    var assertion: PasskeyAssertion {
        PasskeyAssertion(
            clientData: Self.bytes(asserted), authenticatorData: Self.bytes(data), signature: Self.bytes(signature))
    }

    static let all = [es256, rs256]

    static let es256 = PasskeyVector(
        name: "es256", id: "0nGFzb4RDddKfO7TtqkdYBIwWdQuE9N6HZoftj8GEb0",
        attestation: """
            o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikbk52nI4I897HdzM4X2YhD8LV70dOM5K6ojTIaMZTbtVdAAAAAAAAAAAAAAAAAAAAAAAA\
            AAAAINJxhc2-EQ3XSnzu07apHWASMFnULhPTeh2aH7Y_BhG9pQECAyYgASFYICIa1MFuxvZUjwE8FSICd7Z34IdCyBHCGFmBlM39x3BFIlgg\
            rENCKUpIucvznNLTUf0owBzb3PH4LoedBOLEChoZtLU
            """,
        created: """
            eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiOXZwaFJLM2t2QnVGbnJaVkVic3FzZGsybUFBXzhwWGJYSUFxekF4Vjct\
            MCIsIm9yaWdpbiI6Imh0dHBzOi8vcG9ydGFsLmxpbmRlbmhvZi5leGFtcGxlIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ
            """,
        asserted: """
            eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoia3pqZ1BCLTg2Q3NwOVlFVjN4R0JZRk11MUM1U0lWR2tFSHhXaDR3TmJmdyIs\
            Im9yaWdpbiI6Imh0dHBzOi8vcG9ydGFsLmxpbmRlbmhvZi5leGFtcGxlIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ
            """,
        data: "bk52nI4I897HdzM4X2YhD8LV70dOM5K6ojTIaMZTbtUNAAAAAA",
        signature: "MEQCIBVyW7UNRHBqwH8tCnWxIc3vr8rU7-xt72V3WwzSoaU3AiBz-lrl284wGuefuWJ_xtrO9d15V99BTOK73ve9_ir4IA",
        challenges: [
            "9vphRK3kvBuFnrZVEbsqsdk2mAA_8pXbXIAqzAxV7-0",
            "kzjgPB-86Csp9YEV3xGBYFMu1C5SIVGkEHxWh4wNbfw"
        ])

    static let rs256 = PasskeyVector(
        name: "rs256", id: "WkvL1NUiCPBBCp_q2Mr_Mg",
        attestation: """
            o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVkBV25OdpyOCPPex3czOF9mIQ_C1e9HTjOSuqI0yGjGU27VRQAAAAcAAAAAAAAAAAAAAAAA\
            AAAAABBaS8vU1SII8EEKn-rYyv8ypAEDAzkBACBZAQCvqCLk2ffKf79et3zMx99DIIp6iulxHM4qcq4Tk9MspVbSiqQVGNuBcgV-PTJFHHYm\
            yzVYLGMF2k3ho9eyJMUEE8eNbKYVXtf9rDbYNWeKnQEvumxrjka7mWSZEPztHMEXE2b5A1zSoMsPb0xme7L2dmRQ7fnQfNAvGRAx71IOzAj0\
            UZLmI4_j0Zb-6BkZEJOaEgZqRU83gd4nFXz9Ylex1sB4kJi7QWgd_4nibbGRKa24uYg6pXfcHkNHGvtL9V2GXoGaXnIXa_p2MnL3oM7YCoOu\
            B4Pr1DICrSU6nbqeMckFcIZZheYLLMa5ldGWDq-hdsVS5o6ZnGveVZL0_tbVIUMBAAE
            """,
        created: """
            eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiOHNxMnI5NzVkTGg4cURZeXFlOUlRY3R4ZnE4a1NWXzhIUGl3UUZmWWky\
            NCIsIm9yaWdpbiI6Imh0dHBzOi8vcG9ydGFsLmxpbmRlbmhvZi5leGFtcGxlIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ
            """,
        asserted: """
            eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiU1hlNVhMWlQwbGk4S0Y4SlAzTjJfZ0c0ZTNWZWEwZ2QzNXljTnZnbmpJMCIs\
            Im9yaWdpbiI6Imh0dHBzOi8vcG9ydGFsLmxpbmRlbmhvZi5leGFtcGxlIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ
            """,
        data: "bk52nI4I897HdzM4X2YhD8LV70dOM5K6ojTIaMZTbtUFAAAACA",
        signature: """
            bwY2TbdGo6s2Yr56WgqgumfhORwoaQrPOwHTG1xTAnLO3WR3gMC4e1AyPWQaT7DhUUShx2jTj5e7VoS_Q1ierV4Dd9rLNLqZYt_NJoNB1PYo\
            asIrN8XWXxOCStDG-jz-PLhw1v5xp1HFpDFO9-TIC2mVNi3SI2S_1vU1cpDGF8A0rlgNRQ3geU0L4j5A44lC3Q4yNr0MAq_T2kZcQ4v8--jc\
            AcppE6zg5byK8v3MJPDZau182kIW6wYo2mA-P6H83RmO0RrPsoaI9iPiuhq5yg9H2u6WHjgPk9tvYP8xgscDoatU__0-FQ2DVnHxjXTWr_hG\
            nPyfRnbEwvHQzyC8Zg
            """,
        challenges: [
            "8sq2r975dLh8qDYyqe9IQctxfq8kSV_8HPiwQFfYi24",
            "SXe5XLZT0li8KF8JP3N2_gG4e3Vea0gd35ycNvgnjI0"
        ])
}
