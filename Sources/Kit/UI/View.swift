import HTML

/// What every page knows about its surroundings: company, person, language, addresses. No domain words.
public struct View: Sendable {
    public var language: Language
    /// Dates, numbers and money in the person's language and zone.
    public var format: Format
    public var company: String
    /// The company's two brand numbers as a stylesheet, cached for ever under its revision.
    public var brandCSS: WebPath?
    public var logo: WebPath?
    public var theme: Theme
    public var density: Density
    public var assets: AssetPaths
    /// When the page was asked for, in milliseconds since 1970: what it shows is no older.
    public var at: Int64
    /// The address of this page, with its query.
    public var path: WebPath
    /// Nil while nobody is signed in.
    public var person: Person?
    public var navigation: [NavItem]
    /// Notices not yet read, for the bell.
    public var unread: Int
    /// Value of the hidden field `csrf_token`.
    public var csrf: String
    /// Value of the hidden field `form_key`; fresh for every rendering.
    public var formKey: String
    public var flash: Flash?
    public var requestID: String
    public var development: Bool
    /// True on a 422: the `<title>` then starts with "Error:".
    public var problem: Bool
    /// A standing notice above the page, for example a configuration that was refused.
    public var banner: String?
    /// Whoever looks at the page is not whose page it is.
    public var preview: PreviewBanner?

    public init(
        language: Language, format: Format, company: String, assets: AssetPaths, path: WebPath,
        brandCSS: WebPath? = nil, logo: WebPath? = nil, theme: Theme = .auto, density: Density = .normal,
        person: Person? = nil, navigation: [NavItem] = [], unread: Int = 0,
        csrf: String = "", formKey: String = "", flash: Flash? = nil,
        requestID: String = "", development: Bool = false, problem: Bool = false, banner: String? = nil,
        preview: PreviewBanner? = nil, at: Int64 = 0
    ) {
        self.at = at

        self.language = language
        self.format = format
        self.company = company
        self.assets = assets
        self.path = path
        self.brandCSS = brandCSS
        self.logo = logo
        self.theme = theme
        self.density = density
        self.person = person
        self.navigation = navigation
        self.unread = unread
        self.csrf = csrf
        self.formKey = formKey
        self.flash = flash
        self.requestID = requestID
        self.development = development
        self.problem = problem
        self.banner = banner
        self.preview = preview
    }
}

extension View {
    /// What the bottom bar of a narrow screen holds: five entries, or four and "More".
    var mainItems: ArraySlice<NavItem> { navigation.prefix(navigation.count > 5 ? 4 : 5) }
    var extraItems: ArraySlice<NavItem> { navigation.dropFirst(mainItems.count) }
    /// Fits the bell.
    var unreadText: String { unread > 99 ? "99+" : String(unread) }
    var companyInitial: String { company.first.map { String($0).uppercased() } ?? "" }
}

/// How close together the rows of lists stand.
public enum Density: String, Sendable, CaseIterable, Codable {
    case normal, compact
}

/// Light, dark, or what the person's system says.
public enum Theme: String, Sendable, CaseIterable, Codable {
    case auto, light, dark
}
