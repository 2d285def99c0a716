import Foundation
import Testing
import Threads

@testable import Passwords
@testable import Workers

@Suite struct PasswordTests {
    let hasher = PasswordHasher(cost: PasswordCost(memory: 256, passes: 1))

    @Test("a password verifies against its own hash and no other, and every hash has its own salt")
    func verify() async throws {
        let stored = try await hasher.hash("grün wie die Wiese am Bach")
        #expect(stored.hasPrefix("$argon2id$v=19$m=256,t=1,p=1$"))
        #expect(try await hasher.verify("grün wie die Wiese am Bach", against: stored))
        #expect(try await !hasher.verify("grün wie die Wiese am bach", against: stored))
        #expect(try await hasher.hash("grün wie die Wiese am Bach") != stored)
    }

    @Test("the default is argon2id with 64 MiB and three passes, and older hashes are made again")
    func cost() async throws {
        let standard = PasswordHasher()
        let stored = try await standard.hash("zwölf Zeichen und mehr")
        #expect(stored.hasPrefix("$argon2id$v=19$m=65536,t=3,p=1$"))
        #expect(!standard.needsRehash(stored) && hasher.needsRehash(stored) && standard.needsRehash("$2b$12$abc"))
    }

    @Test("an unknown member, a broken hash and a hash that wants gigabytes are all just wrong")
    func unknown() async throws {
        let huge = "$argon2id$v=19$m=4194304,t=3,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"
        for stored in [nil, "", "$argon2id$", "x", "$argon2id$v=19$m=256,t=1,p=1$!!$!!", huge] {
            #expect(try await !hasher.verify("whatever it is", against: stored))
        }
    }

    @Test("T69 an unknown member takes the time of a known one")
    func timing() async throws {
        let hasher = PasswordHasher(cost: PasswordCost(memory: 8192, passes: 2), parallel: 1)
        let stored = try await hasher.hash("the right one, is it")
        func best(_ stored: String?) async throws -> Duration {
            var times: [Duration] = []
            for _ in 0..<15 {
                times.append(
                    try await ContinuousClock().measure { _ = try await hasher.verify("the wrong one, it is", against: stored) })
            }
            return times.min() ?? .zero
        }
        let known = try await best(stored)
        let unknown = try await best(nil)
        #expect(unknown > known * 0.5 && unknown < known * 2, "known \(known), unknown \(unknown)")
    }

    @Test("T70 a crowd waits in a queue of bounded length; who comes later is told at once")
    func crowd() async throws {
        let hasher = PasswordHasher(cost: PasswordCost(memory: 8192, passes: 2), parallel: 2, waiting: 10)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask { (try? await hasher.hash("one of a hundred")) != nil }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        let served = outcomes.count { $0 }
        #expect(served >= 12 && served < 100)
        #expect(try await hasher.hash("after the storm").hasPrefix("$argon2id$"))
    }

    @Test("workers hash and compare as the server itself does, and say when they cannot")
    func workers() async throws {
        let program = WorkerProgram(executable: PhotoFixture.executable, arguments: ["password-worker"])
        let hasher = PasswordHasher(cost: PasswordCost(memory: 256, passes: 1), workers: program)
        let stored = try await hasher.hash("grün wie die Wiese am Bach")
        #expect(stored.hasPrefix("$argon2id$v=19$m=256,t=1,p=1$"))
        #expect(try await self.hasher.verify("grün wie die Wiese am Bach", against: stored))
        #expect(try await hasher.verify("grün wie die Wiese am Bach", against: stored))
        #expect(try await !hasher.verify("grün wie die Wiese am bach", against: stored))
        #expect(try await !hasher.verify("grün wie die Wiese am Bach", against: nil))
        let impossible = PasswordHasher(cost: PasswordCost(memory: 1, passes: 1), workers: program)
        await #expect(throws: PasswordHashFailure.self) { try await impossible.hash("too little memory for argon2") }
    }

    @Test("a worker steps back behind all others, has no secret, and when it is killed the next password is hashed all the same")
    func killedWorker() async throws {
        let program = WorkerProgram(executable: PhotoFixture.executable, arguments: ["password-worker"])
        let pool = WorkerPool(program)
        let worker = try pool.take()
        let cost = PasswordCost(memory: 256, passes: 1)
        let question = PasswordQuestion.hash(password: Array("one".utf8), salt: Array(1...16), cost)
        try question.write(to: worker.channel, before: .now + .seconds(20))
        _ = try PasswordAnswer(from: worker.channel, before: .now + .seconds(20))
        let proc = "/proc/\(worker.process)/"
        let stat = try String(contentsOfFile: proc + "stat", encoding: .utf8).split(separator: " ")
        #expect(stat[5] == "\(worker.process)", "a session of its own")
        // Linux keeps nice values by thread: that of the one that hashes counts.
        let threads = try FileManager.default.contentsOfDirectory(atPath: proc + "task").map { thread in
            try String(contentsOfFile: proc + "task/\(thread)/stat", encoding: .utf8).split(separator: " ").suffix(34).first
        }
        #expect(threads.contains("10"), "\(threads)")
        #expect(try !String(contentsOfFile: proc + "environ", encoding: .utf8).contains("PORTICO"))
        if let group = try? String(contentsOfFile: proc + "autogroup", encoding: .utf8) { #expect(group.contains("nice 10")) }

        let hasher = PasswordHasher(cost: cost, parallel: 1, pool: pool)
        pool.keep(worker)
        kill(worker.process, SIGKILL)
        #expect(try await hasher.hash("after the kill").hasPrefix("$argon2id$"))
    }

    @Test("who gives up while waiting is not hashed for")
    func cancelled() async throws {
        let threads = BoundedThreads(name: "test", count: 1)
        async let first: Void = threads.run { Thread.sleep(forTimeInterval: 0.2) }
        let second = Task { try await threads.run { true } }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        try await first
    }

    static let common = [
        "Password1234!", "passwordpassword", "Passwort2026!", "Sommer2026!!", "aaaaaaaaaaaa", "123456789012", "qwertzuiopas",
        "abcdefghijkl", "1qaz2wsx3edc", "1q2w3e4r5t6y", "P@ssw0rd2026", "iloveyou1234", "Willkommen123", "letmeinletmein",
        "abcabcabcabc",
        "unbelievable", "Hausverwaltung1", "MichaelJordan23", "qwertyqwerty1", "000000000000", "Berlin-Passwort",
        "999999999999999999",
        "Administrator1", "motherfucker", "Dezember.2025", "zyxwvutsrqpo"
    ]

    @Test("V6.2.4 what everybody chooses is refused", arguments: common)
    func refused(_ password: String) {
        #expect(PasswordRules().problem(of: password) == .common)
    }

    static let good = [
        "grün wie die Wiese am Bach", "correct pony engine staple", "tkq7vmbx2wpz", "Zwiebelturm fährt Ski",
        "der Kachelofen summt", "9f2c1b7e44d0a",
        "mein Fahrrad quietscht laut", "日本語のパスワードはどう", "x8!Lp0-qWz2#"
    ]

    @Test("sentences and random characters are taken, whatever their kind", arguments: good)
    func taken(_ password: String) {
        #expect(PasswordRules().problem(of: password) == nil)
    }

    @Test("V6.2.1 V6.2.9 twelve to 128 characters")
    func lengths() {
        let rules = PasswordRules()
        let long = String("der Kachelofen summt leise und das Fahrrad quietscht wie ein Zwiebelturm im Wind, ".prefix(64))
        #expect(rules.problem(of: "tkq7vmbx2wp") == .tooShort(min: 12))
        #expect(rules.problem(of: long) == nil)
        #expect(rules.problem(of: String(repeating: "tkq7vmbx", count: 16) + "2") == .tooLong(max: 128))
        #expect(rules.problem(of: "") == .tooShort(min: 12))
    }

    @Test("V6.2.11 the person's own words are refused in any spelling of case and umlauts")
    func ownWords() {
        let own = ["Jürgen Brandt", "j.brandt@nordhaus.example", "Nordhaus Verwaltung GmbH"]
        for password in ["brandt tkq7vmbx", "JUERGEN-tkq7vmb", "tkq7 Nordhaus 22x"] {
            #expect(PasswordRules().problem(of: password, own: own) == .ownWords)
        }
        #expect(PasswordRules().problem(of: "tkq7vmbx2wpz", own: own + ["", "x"]) == nil)
    }
}
