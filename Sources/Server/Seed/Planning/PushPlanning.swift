import Foundation

extension DemoRecords {
    /// A device that somebody is told on.
    struct PushDevice: Sendable {
        let id: UUID
        let member: Int
        let label: String
        let madeAt: Date
        let reachedAt: Date?
    }

    /// An owner with a computer and a phone.
    mutating func addPushDevices(_ company: DemoCompany, _ span: DemoSpan) {
        guard let owner = faces["owner"] else { return }
        for (order, device) in [("Firefox on Windows", 90.0, 12.0), ("Chrome on Android", 30.0, 1.0)].enumerated() {
            let at = span.daysAgo(device.1).addingTimeInterval(18 * 3600)
            pushDevices.append(
                PushDevice(
                    id: .demo(at: at, order: order, "\(company.slug)/push/\(order)"), member: owner, label: device.0, madeAt: at,
                    reachedAt: span.daysAgo(device.2).addingTimeInterval(12 * 3600)))
        }
    }
}
