extension TenantContext {
    /// The name that the request was for: one of the company's hosts as its configuration has it, without port.
    public var host: String { arrival.host }

    /// What browsers call the place of the company's pages there: exactly this text stands in what they sign and send. Its port is ours
    /// by configuration, never by a header.
    public var origin: String {
        let settings = house.settings
        if settings.secure { return "https://\(host)" }
        return "http://\(host)\(settings.port == 80 ? "" : ":\(settings.port)")"
    }
}
