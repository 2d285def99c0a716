import Database
import Foundation
import Jobs
import Tenancy

/// Puts published files in place where the publisher's own node did not come to it.
struct PlaceConfiguration: Job {
    static let kind = "configuration.place"
    let number: Int
}

package struct ConfigurationJobs: Sendable {
    let folder: ConfigurationFolder

    package init(_ folder: ConfigurationFolder) {
        self.folder = folder
    }

    /// What a publication causes.
    package static func place(_ event: ConfigurationPublished, _ facts: TxFacts) -> [any Job] {
        [PlaceConfiguration(number: event.number)]
    }

    package func register(in handlers: inout JobHandlers) {
        handlers.register(PlaceConfiguration.self) { _, context in
            guard let tenant = folder.tenants.tenant(id: context.tenant) else {
                throw JobFailure.park("The company has no configuration")
            }
            try await folder.settle(tenant, context.db)
        }
    }
}
