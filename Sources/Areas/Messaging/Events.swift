import Foundation
import Jobs

/// A conversation began.
package struct ConversationStarted: Event {
    package static let name = "ConversationStarted"
    package let conversation: UUID
    package let by: UUID
    package var subject: UUID { conversation }
}

/// Somebody said something. Those who are not here are reached by `PushMessage`.
package struct MessageSent: Event {
    package static let name = "MessageSent"
    package let message: UUID
    package let conversation: UUID
    package let seq: Int
    package let author: UUID
    package var subject: UUID { message }
}

/// Somebody told of abuse.
package struct MessageReported: Event {
    package static let name = "MessageReported"
    package let report: UUID
    package let message: UUID
    package var subject: UUID { report }
}
