import Database
import Foundation
import HTTPTypes
import Jobs
import PDF
import Testing

@testable import Announcements
@testable import portico

/// A manager who writes, and people of two buildings who read.
struct NewsHouse {
    let company: TestCompany
    let home: TestHome
    let elsewhere: TestHome
    let manager: TestMember
    /// Lives at home.
    let anna: TestMember
    /// Owns at home.
    let otto: TestMember
    /// Lives elsewhere.
    let ben: TestMember

    static func fresh() async throws -> NewsHouse {
        let company = try await TestCompany.fresh()
        let (home, elsewhere) = (try await company.home(), try await company.home())
        let anna = try await company.member("resident", name: "Anna Kern")
        let otto = try await company.member("owner", name: "Otto Berg")
        let ben = try await company.member("resident", name: "Ben Roth")
        try await company.moveIn(anna, home)
        try await company.moveIn(otto, home, kind: "owner")
        try await company.moveIn(ben, elsewhere)
        return NewsHouse(
            company: company, home: home, elsewhere: elsewhere,
            manager: try await company.member("manager", name: "Maria Sommer"), anna: anna, otto: otto, ben: ben)
    }

    var tenant: Int32 { company.tenant.id }

    /// A paper of one page.
    static func paper(_ title: String, _ text: String) throws -> [UInt8] {
        try PDFDocument(title: title, lead: "", company: "Lindenhof", made: Date(), blocks: [.text(text)]).bytes()
    }

    /// A draft; `more` are further fields of JSON.
    func draft(_ title: String, _ more: String = "\"audience\":\"company\"") async throws -> String {
        let answer = try await manager.api(
            .post, "/announcements", "{\"title\":\"\(title)\",\"body\":\"Words of \(title)\",\(more)}")
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.json?["announcementId"] as? String)
    }

    func publish(_ id: String, at time: Date? = nil) async throws -> TestAnswer {
        let body = time.map { "{\"publishAt\":\"\($0.formatted(.iso8601))\"}" } ?? "{}"
        return try await manager.api(.post, "/announcements/\(id)/publication", body)
    }

    /// Published, and everybody told.
    func published(_ title: String, _ more: String = "\"audience\":\"company\"") async throws -> String {
        let id = try await draft(title, more)
        let answer = try await publish(id)
        try #require(answer.status == 200, "\(answer.text)")
        try await company.drainJobs()
        return id
    }

    var atHome: String { "\"audience\":\"building\",\"buildingIds\":[\"\(home.building.text)\"]" }

    func told(_ member: TestMember) async throws -> Int {
        try await company.count(
            "app.notification where tenant_id = \(tenant) and member_id = \(member.id) and kind = 'announcement.published'")
    }

    /// The job that tells people, as if it ran once more.
    func tellAgain(_ id: String) async throws {
        let job = TellOfAnnouncement(announcement: try #require(UUID(uuidString: id)))
        let today = CalendarDate(Date(), in: company.tenant.timeZone)
        _ = try await company.app.workerDatabase.tenant(TxFacts(tenant: tenant, requestID: "test", now: Date())).write { tx in
            try await job.run(tx, after: nil, today: today)
        }
    }

    /// What the job does at that time.
    func publishJob(_ id: String, at time: Date) async throws {
        let job = PublishAnnouncement(announcement: try #require(UUID(uuidString: id)))
        try await company.app.workerDatabase.tenant(TxFacts(tenant: tenant, requestID: "test", now: time)).write { tx in
            try await job.run(tx)
        }
    }
}

extension TestMember {
    func news(_ query: String = "") async throws -> [String] {
        try await api(.get, "/announcements\(query)").items.compactMap { $0["title"] as? String }
    }
}
