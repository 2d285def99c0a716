import Web

extension Permission {
    /// To change the company's files, and with them what everybody may do.
    package static let publishConfiguration = Permission("configuration:publish")
    package static let configuration: [Permission] = [.publishConfiguration]
}
