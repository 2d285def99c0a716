import HTML
import Testing

@testable import Jobs
@testable import Operations
@testable import portico

@Suite("Names of jobs")
struct JobNameTests {
    @Test("Every job that this house knows has plain words in both languages")
    func words() async throws {
        let kinds = try await TestHouse.shared.value.worker().handlers.kinds
        #expect(kinds.count > 20)
        for language in Language.allCases {
            let t = OperationsMessages(language)
            for kind in kinds { #expect(t.jobName(kind) != kind, "\(kind) in \(language)") }
            #expect(t.jobName("no.such-job") == "no.such-job")
        }
    }

    @Test("The list of jobs says what a job does, with its technical name beside")
    func page() async throws {
        let company = try await TestCompany.fresh()
        let (manager, admin) = (try await company.member("manager"), try await company.member("admin"))
        _ = try await TestFault.report(by: manager, unit: try await company.home().unit)
        let page = try await admin.get("/admin/jobs?state=queued").text
        #expect(page.contains("<b>Über einen Schaden benachrichtigen</b><span class=\"sub\">faults.tell ·"))
    }
}
