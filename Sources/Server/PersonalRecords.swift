import Announcements
import Arrival
import Delegation
import Documents
import Faults
import Identity
import Messaging
import Notifications
import Property
import Votes

/// Everything that the house knows of a person, one line per area.
enum PersonalRecords {
    static let all: [PersonalData] = [
        .identity, .property, .arrival, .delegations, .notices, .faults, .messages, .votes, .announcements, .documents
    ]
}
