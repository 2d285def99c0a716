import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("T68 Guessing codes")
struct CodeGuessingTests {
    private func check(_ company: TestCompany) -> FactorCheck {
        FactorCheck(passwords: company.app.parts.passwords, sealer: company.app.house.sealer)
    }

    private func walled(_ company: TestCompany, from address: Int, at now: Date = Date()) -> Walled {
        company.app.database.tenant(
            TxFacts(tenant: company.tenant.id, actor: nil, requestID: "guess", address: "10.0.0.\(address)", now: now))
    }

    @Test(
        "T68 of a thousand guesses from a hundred addresses five are looked at; the owner is told once, and not shut out for ever"
    )
    func thousand() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        let (check, now) = (
            check(company), Date(timeIntervalSince1970: (Date().timeIntervalSince1970 / 900).rounded(.down) * 900 + 60)
        )
        let wrong = "\(person.code() == "000000" ? "000001" : "000000")"
        let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
            for address in 0..<100 {
                group.addTask {
                    var outcomes = ""
                    for _ in 0..<10 {
                        do {
                            let found = try await check.verify(
                                wrong, of: person.member.id, walled(company, from: address, at: now))
                            outcomes += found == nil ? "w" : "r"
                        } catch let failure as Failure where failure.status == .tooManyRequests {
                            outcomes += "l"
                        }
                    }
                    return outcomes
                }
            }
            return try await group.reduce("", +)
        }
        #expect(outcomes.filter { $0 == "w" }.count == 5 && outcomes.filter { $0 == "l" }.count == 995)
        #expect(try await company.audited("member.factor_failed", person.member.id) == 5)
        let alerts = try await company.mails(to: person.email).filter {
            $0.headers?["Subject"]?.hasPrefix("Somebody tries") == true
        }
        #expect(alerts.count == 1 && alerts.first?.link("/password/forgot") != nil)

        func owner(_ now: Date) async throws -> Factor? {
            let code = person.authenticator.code(TOTP.step(at: now))
            return try await check.verify(code, of: person.member.id, walled(company, from: 200, at: now))
        }
        await #expect(throws: Failure.self) { try await owner(now) }
        #expect(try await owner(now.addingTimeInterval(900)) == .authenticator, "the wait is over")
    }

    @Test("T68 who goes on day and night gets thirty tries in a day, and a new password opens the way for the owner at once")
    func allDay() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        let check = check(company)
        let midnight = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
        var looked = 0
        for window in 0..<96 {
            for guess in 0..<6 {
                let walled = walled(company, from: guess, at: midnight.addingTimeInterval(Double(window) * 900 + 1))
                if (try? await check.verify("A00000000000", of: person.member.id, walled)) != nil { looked += 1 }
            }
        }
        #expect(looked == 0)
        #expect(try await company.audited("member.factor_failed", person.member.id) == 30)
        let noon = midnight.addingTimeInterval(43_200)
        let code = person.authenticator.code(TOTP.step(at: noon))
        await #expect(throws: Failure.self) {
            try await check.verify(code, of: person.member.id, walled(company, from: 0, at: noon))
        }
        _ = try await company.walled.write { tx in try await Challenge.forgetAll(of: person.member.id, tx) }
        try await person.wait()
        #expect(try await check.verify(code, of: person.member.id, walled(company, from: 0, at: noon)) == .authenticator)
    }

    @Test("T68 who does not know the password never gets as far as a code, and locks nobody out")
    func strangers() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        for _ in 0..<8 {
            let answer = try await company.program("/api/v1/auth/login", "{\"email\":\"\(person.email)\",\"password\":\"wrong\"}")
            #expect(answer.status == 401 || answer.status == 429)
            #expect(answer.json?["mfaToken"] == nil)
            #expect(try await person.verify(SessionToken().text, "000000").code == "mfa_token_invalid")
        }
        #expect(try await company.count("app.rate_limit where bucket like 'second-factor%'") == 0)
        try await company.run("delete from app.rate_limit")
        #expect(try await person.verify(try await person.challenge(), person.code()).status == 200)
    }
}
