import Forms
import Foundation
import UI
import Web

/// Who can do what, and where: for managers.
extension FaultRoutes {
    func addTechnicians(to routes: Routes) {
        routes.get("faults/technicians", may: .assignFaults, use: technicians)
            .tells("Who can do what, where, and how much they have to do.").listsAll(TechnicianJSON.self)
        routes.get("faults/technicians.csv", may: .assignFaults, use: exportTechnicians)
            .tells("The same as CSV.").gives(file: "text/csv")
        routes.get("faults/technicians/{id}", may: .assignFaults, use: technician)
            .tells("One technician.").gives(TechnicianJSON.self)
        routes.post("faults/technicians/{id}", may: .assignFaults, use: equip)
            .tells("Says what a technician can do and which buildings they look after.")
            .takes { _ = TechnicianDraft(&$0, $1[FaultSettings.section]) }.gives(TechnicianJSON.self)
    }

    @Sendable func technicians(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let (all, buildings) = try await context.read(Technician.all(desk.viewer.tenant, desk.workers), desk.buildings)
        return .show(
            desk.technicians(all, buildings),
            json: ListJSON(items: all.map(TechnicianJSON.init), nextCursor: nil, total: all.count))
    }

    @Sendable func exportTechnicians(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let (all, buildings) = try await context.read(Technician.all(desk.viewer.tenant, desk.workers), desk.buildings)
        var csv = CSV(head: ["name", "skills", "buildings", "open_faults"])
        for one in all {
            let names = buildings.filter { one.buildings.contains($0.id) }.map(\.name)
            csv.append([one.name, one.skills.joined(separator: "; "), names.joined(separator: "; "), String(one.load)])
        }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "technicians.csv"))
    }

    @Sendable func technician(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let (all, buildings) = try await context.read(
            Technician.all(desk.viewer.tenant, desk.workers, only: try incoming.id()), desk.buildings)
        guard let one = all.first else { throw Failure.notFound }
        return .show(desk.technician(one, buildings), json: TechnicianJSON(one))
    }

    @Sendable func equip(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let id = try incoming.id()
        do {
            let draft = try incoming.submission.read { TechnicianDraft(&$0, desk.settings) }
            let one = try await context.write { tx in try await Technicians(tx: tx, workers: desk.workers).equip(id, draft) }
            return try .done(
                TechnicianJSON(one), at: "/faults/technicians", flash: Flash(desk.t.technicians.saved(name: one.name)))
        } catch let errors as FormErrors {
            let (all, buildings) = try await context.read(
                Technician.all(desk.viewer.tenant, desk.workers, only: id), desk.buildings)
            guard let one = all.first else { throw Failure.notFound }
            return .refused(page: { desk.technician(one, buildings, errors) }, errors.problems)
        }
    }
}
