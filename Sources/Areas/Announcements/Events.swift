import Foundation
import Jobs

/// News are there to be read.
package struct AnnouncementPublished: Event {
    package static let name = "AnnouncementPublished"
    package let announcement: UUID
    /// Nil where its time had come.
    package let by: UUID?
    package var subject: UUID { announcement }
}

/// News do not hold any more.
package struct AnnouncementWithdrawn: Event {
    package static let name = "AnnouncementWithdrawn"
    package let announcement: UUID
    package let by: UUID
    package var subject: UUID { announcement }
}
