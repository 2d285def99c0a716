import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Entering, changing and archiving buildings, units, entrances and common parts.
struct EstateRoutes: Sendable {
    func add(to routes: Routes) {
        routes.get("buildings/new", may: .editProperty, on: .page) { try await compose(.building, $0, $1) }
        routes.post("buildings", may: .editProperty) { try await add(.building, $0, $1) }
            .tells("Enters a building.")
            .takes { _ = Self.fields(.building, &$0) }.gives(EstateJSON.shape(.building), 201).once()
        for kind in [EstateKind.unit, .entrance, .commonPart] {
            routes.get("buildings/{id}/\(kind.segment)/new", may: .editProperty, on: .page) { try await compose(kind, $0, $1) }
            routes.post("buildings/{id}/\(kind.segment)", may: .editProperty) { try await add(kind, $0, $1) }
                .tells("Enters \(kind.article) of a building.")
                .takes { _ = Self.fields(kind, &$0) }.gives(EstateJSON.shape(kind), 201).once()
        }
        for kind in EstateKind.allCases {
            routes.get("\(kind.segment)/{id}/edit", may: .editProperty, on: .page) { try await editor(kind, $0, $1) }
            routes.post("\(kind.segment)/{id}/edit", may: .editProperty, on: .page) { try await edit(kind, $0, $1) }
            routes.patch("\(kind.segment)/{id}", may: .editProperty) { try await edit(kind, $0, $1) }
                .tells("Changes \(kind.article): only what is given. With `version`, 409 when it was changed meanwhile.")
                .takes { _ = FieldEdit(kind, &$0) }.gives(EstateJSON.shape(kind))
            routes.post("\(kind.segment)/{id}/archive", may: .editProperty) { try await archive(kind, $0, $1) }
                .tells("Archives \(kind.article).").gives(EstateJSON.shape(kind))
            routes.post("\(kind.segment)/{id}/restoration", may: .editProperty) { try await restore(kind, $0, $1) }
                .tells("Takes \(kind.article) out of the archive.").gives(EstateJSON.shape(kind))
        }
    }

    // MARK: Something new

    private func compose(_ kind: EstateKind, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (place, entrances) = try await surroundings(kind, incoming, context)
        return .page(EstateDesk(context).compose(kind, in: place, FormValues(), [], entrances))
    }

    private static func fields(_ kind: EstateKind, _ form: inout FormReader) -> [String: String] {
        Dictionary(kind.fields.map { ($0, kind.read($0, &form)) }) { first, _ in first }
    }

    private func add(_ kind: EstateKind, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = EstateDesk(context)
        let building = kind == .building ? nil : try incoming.id()
        do {
            let fields = try incoming.submission.read { Self.fields(kind, &$0) }
            return try await context.once(incoming) { tx in
                let record = try await desk.estate(tx).add(kind, in: building, fields)
                return try Effect(
                    EstateJSON(record: record), at: record.path,
                    flash: Flash(desk.t.form.added(kind: kind.rawValue, name: record.name)))
            }
        } catch let errors as FormErrors {
            let (place, entrances) = try await surroundings(kind, incoming, context)
            let page = desk.compose(kind, in: place, incoming.values, errors.problems, entrances)
            return .refused(page: { page }, errors.problems)
        }
    }

    /// The building that something new belongs to, and its entrances to choose from.
    private func surroundings(_ kind: EstateKind, _ incoming: Incoming, _ context: MemberContext) async throws
        -> (EstateRecord?, [Choice])
    {
        guard kind != .building else { return (nil, []) }
        let id = try incoming.id()
        let (place, entrances) = try await context.read(
            EstateRecord.find(.building, id, context.tenant.id), PartLine.of(.entrance, building: id, context.tenant.id))
        return (place, entrances.choices)
    }

    // MARK: Something changed

    private func editor(_ kind: EstateKind, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (record, entrances) = try await record(kind, incoming, context)
        return .page(EstateDesk(context).edit(record, nil, [], entrances))
    }

    private func edit(_ kind: EstateKind, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = EstateDesk(context)
        let id = try incoming.id()
        do {
            let draft = try incoming.submission.read { FieldEdit(kind, &$0) }
            let (record, merged) = try await context.write { tx in try await desk.estate(tx).edit(kind, id, draft) }
            let news = merged ? desk.t.form.merged(name: record.name) : desk.t.form.saved(name: record.name)
            return try .done(EstateJSON(record: record), at: record.path, flash: Flash(news))
        } catch let errors as FormErrors {
            let (record, entrances) = try await record(kind, incoming, context)
            let page = desk.edit(record, incoming.values, errors.problems, entrances)
            return .refused(page: { page }, errors.problems)
        } catch let conflict as FieldConflict {
            let (last, entrances) = try await context.read(
                LastChange.of(conflict.record, context.tenant.id),
                PartLine.of(.entrance, building: conflict.record.buildingID, context.tenant.id))
            let page = desk.merge(conflict, by: last, entrances.choices)
            return .conflict(page: { page }, .staleVersion)
        }
    }

    private func record(_ kind: EstateKind, _ incoming: Incoming, _ context: MemberContext) async throws -> (
        EstateRecord, [Choice]
    ) {
        let id = try incoming.id()
        let (record, entrances) = try await context.read(
            EstateRecord.find(kind, id, context.tenant.id),
            kind == .unit ? PartLine.besides(unit: id, context.tenant.id) : .known([]))
        return (record, entrances.choices)
    }

    // MARK: Archive

    private func archive(_ kind: EstateKind, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = EstateDesk(context)
        let id = try incoming.id()
        do {
            let record = try await context.write { tx in try await desk.estate(tx).archive(kind, id) }
            return try .done(
                EstateJSON(record: record), at: record.path, flash: Flash(desk.t.form.archived(name: record.name)))
        } catch let failure as Failure where failure.code == Failure.livedIn.code && context.face == .page {
            let record = try await context.read(EstateRecord.find(kind, id, context.tenant.id))
            return try .done(
                EstateJSON(record: record), at: record.path, flash: Flash(desk.t.form.livedIn(name: record.name), tone: .warn))
        }
    }

    private func restore(_ kind: EstateKind, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = EstateDesk(context)
        let id = try incoming.id()
        let record = try await context.write { tx in try await desk.estate(tx).restore(kind, id) }
        return try .done(EstateJSON(record: record), at: record.path, flash: Flash(desk.t.form.restored(name: record.name)))
    }
}
