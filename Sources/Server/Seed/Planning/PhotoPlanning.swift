import Foundation

/// One picture as it was taken: what it shows, from which of a few angles, before or after the repair.
struct Sketch: Sendable, Hashable {
    let picture: Picture
    let angle: Int
    let isMended: Bool

    static let angles = 4
}

extension DemoRecords {
    /// Photos for the newest faults that can have some, and for others spread over the whole time.
    mutating func addPhotos(_ company: DemoCompany) {
        var dice = Dice(company.slug, "photos")
        let candidates = faults.indices.reversed().filter { faults[$0].report.complaint.picture != nil }
        let fresh = candidates.prefix(company.photographed / 3)
        var chosen = Set(fresh)
        let older = Array(candidates.dropFirst(fresh.count))
        while chosen.count < min(company.photographed, candidates.count) { chosen.insert(dice.pick(older)) }
        for fault in chosen.sorted() { addPhotos(of: fault, company, &dice) }
    }

    private mutating func addPhotos(of index: Int, _ company: DemoCompany, _ dice: inout Dice) {
        let fault = faults[index]
        guard let picture = fault.report.complaint.picture else { return }
        let first = dice.whole(0...Sketch.angles - 1)
        for number in 0..<dice.whole(1...3) {
            let sketch = Sketch(picture: picture, angle: (first + number) % Sketch.angles, isMended: false)
            add(sketch, index, "report", number, fault.report.reporter, fault.report.at, company)
        }
        guard picture.canBeMended, let worker = fault.standing.assignee, let resolved = fault.standing.resolvedAt,
            dice.chance(0.6)
        else { return }
        add(Sketch(picture: picture, angle: first, isMended: true), index, "resolution", 9, worker, resolved, company)
    }

    private mutating func add(
        _ sketch: Sketch, _ fault: Int, _ stage: String, _ number: Int, _ member: Int, _ at: Date, _ company: DemoCompany
    ) {
        let name = "\(company.slug)/fault/\(fault)/photo/\(number)"
        photos.append(
            Photo(id: .demo(at: at, order: number, name), fault: fault, stage: stage, sketch: sketch, member: member, at: at))
    }
}
