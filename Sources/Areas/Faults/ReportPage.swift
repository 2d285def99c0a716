import Forms
import Foundation
import HTML
import Images
import Property
import UI
import Web

extension FaultDesk {
    /// The report form, empty or as it was typed.
    ///
    /// - Parameter outages: what is known there already.
    func compose(
        _ values: FormValues, _ problems: [FieldProblem], _ places: [PlaceLine], _ similar: [FaultLine],
        _ outages: [Incident] = [], held: [HeldPhoto] = []
    ) -> ReportFaultPage {
        let errors = self.errors(problems)
        func field(_ name: String, _ label: String, hint: String? = nil, required: Bool = true, most: Int? = nil) -> Field {
            Field(
                name, label: label, value: values[name], hint: hint, error: errors.message(for: name), required: required,
                maxLength: most)
        }
        var place = field("place", t.report.place)
        // With one home there is nothing to choose.
        if place.value.isEmpty, places.count == 1, let only = places.first { place.value = "unit-\(only.unitID.text)" }
        var page = ReportFaultPage(
            action: "/faults", back: "/faults", draft: [values["draft"], values["place"]].first { !$0.isEmpty } ?? "new",
            errors: [], place: place, places: groups(places),
            locationNote: field(
                "location_note", t.report.locationNote, hint: t.report.locationNoteHint, required: false, most: 200),
            category: field("category", t.report.category), categories: categories,
            title: field("title", t.report.fieldTitle, hint: t.report.fieldTitleHint, most: 140),
            description: field("description", t.report.what, hint: t.report.whatHint, most: 5000),
            photos: field("photos", t.report.photos, hint: t.report.photosHint, required: false),
            held: HeldChoices(held, t), similar: similar.map(row),
            outages: outages.map(known))
        page.errors = errors.inOrder(of: [
            page.place, page.locationNote, page.category, page.title, page.description, page.photos
        ])
        return page
    }

    private func known(_ outage: Incident) -> KnownOutage {
        KnownOutage(
            row: row(outage), end: outage.expectedEnd.map(format.dateTime),
            join: outage.hasJoined ? nil : "\(outage.path)/members")
    }

    private func groups(_ places: [PlaceLine]) -> [ChoiceGroup] {
        var groups: [ChoiceGroup] = []
        var building: UUID?
        for place in places {
            if place.buildingID != building {
                building = place.buildingID
                groups.append(ChoiceGroup(place.building, []))
            }
            let common = Choice("building-\(place.buildingID.text)", t.commonPart)
            // Only a unit is ever lent, not what its owner shares with the neighbours.
            if place.principal == nil, groups[groups.count - 1].choices.first != common {
                groups[groups.count - 1].choices.insert(common, at: 0)
            }
            let label = place.principal.map { t.report.unitFor(unit: place.unit, name: $0) } ?? place.unit
            groups[groups.count - 1].choices.append(Choice("unit-\(place.unitID.text)", label))
        }
        return groups
    }
}

extension PhotoRefused {
    var problem: FieldProblem { problem(in: "photos") }
    var failure: Failure { failure(in: "photos") }

    package func problem(in field: String) -> FieldProblem {
        switch error {
        case .notAnImage: FieldProblem(field, .fileNotAnImage)
        case .tooLarge: FieldProblem(field, .imageTooLarge)
        case .damaged, .unavailable: FieldProblem(field, .fileDamaged)
        }
    }

    /// 413 for too many pixels, 415 for no image at all, 400 for a damaged one, 503 when the workshop is closed.
    package func failure(in field: String) -> Failure {
        var failure =
            switch error {
            case .notAnImage:
                Failure(.unsupportedMediaType, "unsupported_media", "\(filename) is not a JPEG, PNG or WebP picture")
            case .tooLarge: Failure(.contentTooLarge, "too_large", "\(filename) has too many pixels")
            case .damaged: Failure(.badRequest, "validation_failed", "\(filename) is damaged")
            case .unavailable: Failure(.serviceUnavailable, "busy", "Photos cannot be read right now; try again in a moment")
            }
        failure.problems = [problem(in: field)]
        return failure
    }
}
