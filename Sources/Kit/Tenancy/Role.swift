/// What a member may do, as the tenant words it.
public struct Role: Sendable {
    public let key: String
    public let title: Translated
    public let permissions: Set<String>
    /// True for people who work for the company: they see its inner pages.
    public let isStaff: Bool

    struct Body: Sendable {
        let title: Translated
        let isStaff: Bool
        let permissions: [String]

        static let schema = Schema<Body>.object(
            .required("title", .translated(1...60), "The role's name in each locale."),
            .optional("staff", .toggle, default: false, "True for people who work for the company."),
            .required("permissions", .distinct(.choice(\.permissions), count: 1...100), "What the role may do; at least one."),
            make: Body.init)
    }
}
