import Foundation
import Jobs

/// The company's files are to be others from now on.
package struct ConfigurationPublished: Event {
    package static let name = "ConfigurationPublished"
    package let version: UUID
    package let number: Int
    package var subject: UUID { version }
}
