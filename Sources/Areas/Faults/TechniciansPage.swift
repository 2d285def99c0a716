import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

struct TechnicianDraft: Sendable {
    let skills: [String]
    let buildings: [UUID]

    init(_ form: inout FormReader, _ settings: FaultSettings) {
        let skills = Set(form.texts("skills", max: 50, .max(60)))
        self.skills = skills.sorted()
        buildings = form.uuids("buildings", max: 1000)
        if !skills.isSubset(of: settings.categories.keys) { form.fail("skills", .notAllowed) }
    }
}

/// `/faults/technicians`.
package struct TechniciansPage: Sendable {
    var crumbs: [Crumb]
    var summary: String
    var csv: WebPath
    var rows: [TechnicianRow]
}

package struct TechnicianRow: Sendable {
    var path: WebPath
    var name: String
    var skills: String
    var buildings: String
    var load: String
}

/// `/faults/technicians/{id}`.
package struct TechnicianPage: Sendable {
    var name: String
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    var skills: Field
    var categories: [Choice]
    var hasSkills: Set<String>
    var buildings: Field
    var houses: [Choice]
    var hasBuildings: Set<String>
}

struct TechnicianJSON: Codable, Sendable {
    let id: String
    let name: String
    let skills: [String]
    let buildingIds: [String]
    let openFaults: Int

    init(_ technician: Technician) {
        id = technician.id.text
        name = technician.name
        skills = technician.skills
        buildingIds = technician.buildings.map(\.text)
        openFaults = technician.load
    }
}

extension FaultDesk {
    func technicians(_ all: [Technician], _ buildings: [BuildingName]) -> TechniciansPage {
        TechniciansPage(
            crumbs: [Crumb(t.list.title, "/faults"), Crumb(t.technicians.title)],
            summary: t.technicians.summary(count: all.count),
            csv: "/faults/technicians.csv",
            rows: all.map { technician in
                let names = buildings.filter { technician.buildings.contains($0.id) }.map(\.name)
                return TechnicianRow(
                    path: "/faults/technicians/\(technician.id.text)", name: technician.name,
                    skills: skillNames(technician).joined(separator: ", "), buildings: names.joined(separator: ", "),
                    load: format.number(technician.load))
            })
    }

    func skillNames(_ technician: Technician) -> [String] {
        technician.skills.map { settings.title($0, context.language.rawValue) }
    }

    func technician(_ one: Technician, _ buildings: [BuildingName], _ refused: FormErrors? = nil) -> TechnicianPage {
        let errors = self.errors(refused?.problems ?? [])
        return TechnicianPage(
            name: one.name, action: "/faults/technicians/\(one.id.text)", back: "/faults/technicians",
            crumbs: [
                Crumb(t.list.title, "/faults"), Crumb(t.technicians.title, "/faults/technicians"), Crumb(one.name)
            ], errors: errors,
            skills: Field(
                "skills", label: t.technicians.skills, hint: t.technicians.skillsHint, error: errors.message(for: "skills")),
            categories: categories, hasSkills: Set(refused?.values.all("skills") ?? one.skills),
            buildings: Field("buildings", label: t.technicians.buildings, error: errors.message(for: "buildings")),
            houses: buildings.map { Choice($0.id.text, $0.name) },
            hasBuildings: Set(refused?.values.all("buildings") ?? one.buildings.map(\.text)))
    }
}
