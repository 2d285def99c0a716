/// Everything a tenant's file may say: the closed lists of the server and the sections of its areas.
public struct TenantRules: Sendable {
    public let vocabulary: Vocabulary
    let sections: [AnyTenantSection]

    public init(vocabulary: Vocabulary, sections: [AnyTenantSection] = []) {
        self.vocabulary = vocabulary
        self.sections = sections
    }
}
