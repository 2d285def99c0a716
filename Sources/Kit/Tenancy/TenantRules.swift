/// Everything a tenant's file may say: the closed lists of the server and the sections of its areas.
public struct TenantRules: Sendable {
    public let vocabulary: Vocabulary
    let sections: [AnyTenantSection]
    /// What may stand in a company's folder `notices`.
    public let texts: [TextKind]

    public init(vocabulary: Vocabulary, sections: [AnyTenantSection] = [], texts: [TextKind] = []) {
        self.vocabulary = vocabulary
        self.sections = sections
        self.texts = texts
    }
}
