import Foundation
import Testing

@testable import Identity

@Suite("One-time codes by the clock")
struct TOTPTests {
    private let rfc = TOTP(Array("12345678901234567890".utf8))

    @Test(
        "RFC 6238's own examples for SHA-1",
        arguments: [
            (59.0, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130")
        ])
    func vectors(_ second: Double, _ code: String) {
        let step = TOTP.step(at: Date(timeIntervalSince1970: second))
        #expect(rfc.code(step, digits: 8) == code)
        #expect(rfc.code(step) == code.suffix(6))
    }

    @Test("T68 A code is taken one step early or late, not two; never a second time, and none before it")
    func window() {
        let now = Date(timeIntervalSince1970: 1_234_567_890)
        let step = TOTP.step(at: now)
        for shift in Int64(-3)...3 {
            let found = rfc.match(rfc.code(step + shift), at: now, after: 0)
            #expect(found == (abs(shift) <= 1 ? step + shift : nil))
        }
        #expect(rfc.match(rfc.code(step), at: now, after: step) == nil)
        #expect(rfc.match(rfc.code(step - 1), at: now, after: step) == nil)
        #expect(rfc.match(rfc.code(step + 1), at: now, after: step) == step + 1)
        for wrong in ["", "12345", "1234567", "٠٠٥٩٢٤", "00592\u{301}"] { #expect(rfc.match(wrong, at: now, after: 0) == nil) }
        #expect(TOTP.step(at: Date(timeIntervalSince1970: .infinity)) == 0)
    }

    @Test("Secrets are 160 bits, and typed as RFC 4648's base32")
    func secrets() {
        #expect(TOTP.secret().count == 20 && TOTP.secret() != TOTP.secret())
        for (text, code) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB")]
        {
            #expect(Base32.encode(Array(text.utf8)) == code)
        }
        #expect(Base32.encode(Array("foobar".utf8)) == "MZXW6YTBOI")
    }

    @Test("A recovery code is taken as people type it, and says which of the ten it is")
    func recovery() throws {
        let ten = RecoveryCode.ten()
        #expect(ten.map(\.place) == Array(0..<10) && Set(ten.map(\.text)).count == 10)
        for code in ten {
            #expect(code.text.wholeMatch(of: /[A-HJK][0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}/) != nil)
            let typed = try #require(RecoveryCode(typed: " \(code.text.lowercased().replacing("-", with: " "))"))
            #expect(typed.plain == code.plain && typed.place == code.place)
        }
        #expect(RecoveryCode(typed: "aOIl-2345-6789")?.plain == "A01123456789")
        for wrong in [
            "", "A", "A7KX-WFQH-DM2", "A7KX-WFQH-DM2P1", "Z7KX-WFQH-DM2P", "17KX-WFQH-DM2P", "A7KX-WFQH-DMÄP", "ßßßßßßßßßßßß"
        ] {
            #expect(RecoveryCode(typed: wrong) == nil)
        }
    }
}
