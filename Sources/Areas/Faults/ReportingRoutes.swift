import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// Putting a new fault on record.
extension FaultRoutes {
    @Sendable func compose(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let place =
            incoming.query.single("unit").map { "unit-\($0)" } ?? incoming.query.single("building").map { "building-\($0)" } ?? ""
        let (places, similar, outages) = try await context.read(
            desk.places, desk.similar, Incident.atHome(desk.viewer, today: desk.today))
        return .page(desk.compose(FormValues(["place": place]), [], places, similar, outages))
    }

    @Sendable func report(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        do {
            let home = incoming.namesPlace ? nil : try await onlyHome(desk)
            let draft = try incoming.submission.read { FaultDraft(&$0, desk.settings, home: home) }
            if context.face == .page, !draft.knowsOutage, let asked = try await known(draft, incoming, desk) { return asked }
            try await Self.reporting.spend(context.memberID.text, context.proved(), now: context.now)
            let stored = try await photos.develop(draft.photos, tenant: context.tenant.id)
            do {
                return try await context.once(incoming) { tx in
                    let held = try await held(context).take(draft.held, tx)
                    let fault = try await desk.faults(tx).report(draft, photos: held + stored)
                    return try Effect(
                        FaultJSON(fault, desk.viewer, now: context.now), at: fault.path,
                        flash: Flash(desk.t.report.done(number: fault.number)))
                }
            } catch {
                await photos.discard(stored, after: error)
                throw error
            }
        } catch let errors as FormErrors {
            return try await refused(errors, incoming, desk)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            return try await refused(FormErrors([], values: incoming.values), incoming, desk, failure)
        } catch let error as PhotoRefused {
            return try await refused(FormErrors([error.problem], values: incoming.values), incoming, desk, error.failure)
        }
    }

    /// Before something is reported a second time, the outage that it may belong to is shown; sent again, it is taken.
    private func known(_ draft: FaultDraft, _ incoming: Incoming, _ desk: FaultDesk) async throws -> Reply? {
        let (outages, places) = try await desk.context.read(
            Incident.open(for: draft, desk.viewer, today: desk.today), desk.places)
        guard !outages.isEmpty else { return nil }
        let (values, held) = (incoming.values, try await hold(incoming, desk.context))
        return .conflict(page: { desk.compose(values, [], places, [], outages, held: held) }, .knownOutage)
    }

    /// The unit of somebody who has exactly one; everybody else must say where it is.
    private func onlyHome(_ desk: FaultDesk) async throws -> UUID? {
        let own = try await desk.context.read(
            PlaceLine.all(desk.viewer.tenant, of: desk.viewer.member, today: desk.today, lent: desk.viewer.lent, .reportFault))
        return own.count == 1 ? own.first?.unitID : nil
    }

    private func held(_ context: MemberContext) -> HeldPhotos {
        HeldPhotos(photos: photos, holder: context.holderHash)
    }

    /// Photos that the form brought along, for its next try; programs keep their files themselves.
    private func hold(_ incoming: Incoming, _ context: MemberContext) async throws -> [HeldPhoto] {
        guard context.face == .page else { return [] }
        return try await held(context).hold(incoming.submission, for: context.memberID.text, context.proved())
    }

    private func refused(_ errors: FormErrors, _ incoming: Incoming, _ desk: FaultDesk, _ failure: Failure? = nil) async throws
        -> Reply
    {
        let (places, outages) = try await desk.context.read(desk.places, Incident.atHome(desk.viewer, today: desk.today))
        let held = try await hold(incoming, desk.context)
        let page = desk.compose(errors.values, errors.problems, places, [], outages, held: held)
        if let failure { return .failed(page: { page }, failure) }
        return .refused(page: { page }, errors.problems)
    }
}

extension Failure {
    static let knownOutage = Failure(.conflict, "known_outage", "This outage is known; report it only if it is something else")
}

extension Incoming {
    fileprivate var namesPlace: Bool {
        let values = values
        return ["place", "unit_id", "building_id"].contains { !values[$0].isEmpty }
    }
}
