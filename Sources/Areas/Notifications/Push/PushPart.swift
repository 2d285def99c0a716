import Foundation
import HTML
import UI
import Web

/// The devices, on the page of what one is told.
package struct PushPart: Sendable {
    /// What a browser subscribes with; nil where push is not set up.
    var key: String?
    /// The browser that shows the page is among them.
    var isHere: Bool
    var rows: [PushRow]
}

package struct PushRow: Sendable {
    var label: String
    var isHere: Bool
    var made: Moment
    /// The last time that something reached it.
    var reached: Moment?
    /// POST.
    var remove: WebPath
}

extension PushPart {
    init(_ devices: [PushRegistration], _ key: String?, _ incoming: Incoming, _ context: MemberContext) {
        let here = context.house.cookies.device(in: incoming.headers)?.hash
        let rows = devices.map { device in
            PushRow(
                label: device.label, isHere: device.browser != nil && device.browser == here,
                made: context.format.moment(device.madeAt, now: context.now),
                reached: device.lastOkAt.map { context.format.moment($0, now: context.now) },
                remove: "/push/registrations/\(device.id.text)/removal")
        }
        self.init(key: key, isHere: rows.contains(where: \.isHere), rows: rows)
    }
}
