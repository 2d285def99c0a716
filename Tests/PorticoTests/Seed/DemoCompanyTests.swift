import Foundation
import Testing

@testable import Faults
@testable import Tenancy
@testable import portico

@Suite("Demo companies and their files")
struct DemoCompanyTests {
    /// The demo tenants as the server reads them.
    static func tenants() -> [Tenant] {
        TenantFolder.load(TestHouse.home.appending(path: "tenants").path, rules: Sections.rules).tenants.enumerated().map {
            Tenant(id: Int32($0.offset + 1), configuration: $0.element)
        }
    }

    @Test("Categories, first priorities, deadlines and assignment are those of tenant.yaml")
    func categories() throws {
        for tenant in Self.tenants() {
            let company = try #require(DemoCompany.named(tenant.slug))
            let settings = tenant[FaultSettings.section]
            #expect(company.categories.map(\.key) == settings.categories.keys)
            #expect(company.zone == tenant.timeZone)
            for category in company.categories {
                let written = try #require(settings.categories[category.key])
                #expect(category.priority == written.priority, "\(tenant.slug) \(category.key)")
                for priority in FaultPriority.allCases {
                    #expect(company.hours(category, priority) == settings.hours(category: category.key, priority: priority))
                }
                #expect(
                    written.assign == (category.assigns.map { .leastBusy(role: $0) } ?? .manual), "\(tenant.slug) \(category.key)"
                )
            }
        }
    }

    @Test("Every role of both companies has a sign-in, at the company's first host")
    func signIns() throws {
        let tenants = Self.tenants()
        #expect(tenants.map(\.slug) == ["harbour", "lindenhof"])
        let signIns = DemoSeed.signIns(tenants)
        for tenant in tenants {
            let own = signIns.filter { $0.slug == tenant.slug }
            #expect(own.map(\.role) == tenant.roles.map(\.key))
            #expect(own.allSatisfy { $0.host == tenant.hosts.first && $0.password.count >= 12 })
        }
        #expect(signIns.contains { $0.email == "manager@lindenhof.example" })
    }

    @Test("Sign-ins name the members that a seed of any day writes")
    func faces() throws {
        for company in DemoCompany.all {
            let span = try #require(DemoSpan(now: DemoPlanTests.noon))
            let records = DemoRecords(company, span)
            for (role, face) in DemoSeed.faces(of: company) {
                let member = try #require(records.faces[role].map { records.members[$0] })
                #expect((member.email, member.name) == (face.email, face.name))
            }
        }
    }

    @Test("What the seed calls a danger is what the server takes for one, and nothing else")
    func dangers() {
        for company in DemoCompany.all {
            for complaint in company.words.complaints.values.flatMap(\.self) {
                for choice in 0..<6 {
                    let text = spoken(complaint.title + " " + complaint.text, choice: choice)
                    #expect(Danger.isNamed(in: text) == complaint.isDanger, "\(text)")
                }
            }
        }
    }
}
