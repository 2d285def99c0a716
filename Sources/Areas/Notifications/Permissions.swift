import Web

extension Permission {
    /// The log of everything that was sent.
    package static let seeDeliveries = Permission("deliveries:see")
    package static let retryDeliveries = Permission("deliveries:retry")
    package static let notifications: [Permission] = [.seeDeliveries, .retryDeliveries]
}
