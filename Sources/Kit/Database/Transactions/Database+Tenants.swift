extension Database {
    /// The number of the company with that slug, given on first sight.
    public func registerTenant(_ slug: String) async throws -> Int32 {
        try await withoutTenant { tx in try await tx.value("select sec.register_tenant(\(slug))", Int32.self) }
    }
}
