import Testing

@testable import Tenancy

@Suite("Demo companies")
struct DemoTenantTests {
    @Test("Both demo companies are right")
    func good() {
        let report = TenantCheck.run(TenancyFixture.demo, rules: TenancyFixture.rules)
        #expect(report.text == "2 tenants, all good: harbour, lindenhof\n")
    }

    @Test("They differ in language, currency, zone, brand, roles and categories")
    func different() throws {
        let tenants = TenantFolder.load(TenancyFixture.demo, rules: TenancyFixture.rules).tenants
        let harbour = try #require(tenants.first { $0.slug == "harbour" })
        let lindenhof = try #require(tenants.first { $0.slug == "lindenhof" })
        #expect((lindenhof.locales, harbour.locales) == (["de", "en"], ["en"]))
        #expect((lindenhof.currency.code, harbour.currency.code) == ("EUR", "GBP"))
        #expect((lindenhof.timeZone.identifier, harbour.timeZone.identifier) == ("Europe/Berlin", "Europe/London"))
        #expect((lindenhof.brand.hue, harbour.brand.hue) == (150, 240))
        #expect(Set(lindenhof.roles.map(\.key)).subtracting(harbour.roles.map(\.key)) == ["caretaker"])
        #expect(lindenhof.role("caretaker")?.title["de"] == "Hausmeister")
        #expect(lindenhof[SampleFaultSettings.section].categories.keys != harbour[SampleFaultSettings.section].categories.keys)
        #expect(lindenhof.brand.logo != nil && harbour.brand.logo != nil)
    }

    @Test("A section arrives as the area's own type, in the order of the file")
    func section() throws {
        let tenants = TenantFolder.load(TenancyFixture.demo, rules: TenancyFixture.rules).tenants
        let faults = try #require(tenants.first { $0.slug == "lindenhof" })[SampleFaultSettings.section]
        #expect(faults.categories.keys.prefix(3) == ["plumbing", "heating", "electrical"])
        #expect(faults.categories["elevator"]?.resolveHours == 8)
        #expect(faults.categories["cleaning"]?.assign == .leastBusy(role: "caretaker"))
        #expect(faults.categories["other"]?.assign == .manual)
        #expect(faults.deadlineHours.low == 336)
    }
}
