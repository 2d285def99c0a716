import HTML

/// The words and signs that dates and numbers need in one language.
struct FormatWords: Sendable {
    enum Unit: Int, Sendable { case minute, hour, day, month, year }

    var months: [String]
    var shortMonths: [String]
    /// Sunday first.
    var weekdays: [String]
    var decimal: String
    var grouping: String
    var justNow: String
    /// Units of durations that are compared.
    var minutes: String
    var hours: String
    var days: String
    /// One and many of each unit, standing alone and after a preposition.
    private var alone: [(String, String)]
    private var inPhrase: [(String, String)]
    private var before: String
    private var after: String
    private var ahead: String

    static func of(_ language: Language) -> FormatWords {
        switch language {
        case .en: english
        case .de: german
        }
    }

    /// The largest unit that fits, rounded down.
    static func span(of seconds: Double) -> (count: Int, unit: Unit) {
        let minutes = Int(min(seconds, 1e12) / 60)
        switch minutes {
        case ..<60: return (max(minutes, 1), .minute)
        case ..<1440: return (minutes / 60, .hour)
        case ..<(60 * 1440): return (minutes / 1440, .day)
        case ..<(730 * 1440): return (minutes / 43_800, .month)
        default: return (minutes / 525_960, .year)
        }
    }

    func phrase(_ span: (count: Int, unit: Unit), inPhrase phrased: Bool) -> String {
        let forms = (phrased ? inPhrase : alone)[span.unit.rawValue]
        return "\(span.count) \(span.count == 1 ? forms.0 : forms.1)"
    }

    func past(_ span: (count: Int, unit: Unit)) -> String {
        before + phrase(span, inPhrase: true) + after
    }

    func future(_ span: (count: Int, unit: Unit)) -> String {
        ahead + phrase(span, inPhrase: true)
    }

    private static let english = FormatWords(
        months: [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
            "December"
        ],
        shortMonths: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        weekdays: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
        decimal: ".", grouping: ",", justNow: "just now", minutes: "min", hours: "h", days: "days",
        alone: [("minute", "minutes"), ("hour", "hours"), ("day", "days"), ("month", "months"), ("year", "years")],
        inPhrase: [("minute", "minutes"), ("hour", "hours"), ("day", "days"), ("month", "months"), ("year", "years")],
        before: "", after: " ago", ahead: "in ")

    private static let german = FormatWords(
        months: [
            "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"
        ],
        shortMonths: ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."],
        weekdays: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
        decimal: ",", grouping: ".", justNow: "gerade eben", minutes: "Min.", hours: "Std.", days: "Tage",
        alone: [("Minute", "Minuten"), ("Stunde", "Stunden"), ("Tag", "Tage"), ("Monat", "Monate"), ("Jahr", "Jahre")],
        inPhrase: [("Minute", "Minuten"), ("Stunde", "Stunden"), ("Tag", "Tagen"), ("Monat", "Monaten"), ("Jahr", "Jahren")],
        before: "vor ", after: "", ahead: "in ")
}

/// How a currency is written: its sign, nil for the plain code, and the digits of its minor unit (ISO 4217).
struct CurrencyUnit {
    var symbol: String?
    var digits: Int

    static func of(_ code: String) -> CurrencyUnit {
        switch code {
        case "EUR": CurrencyUnit(symbol: "€", digits: 2)
        case "GBP": CurrencyUnit(symbol: "£", digits: 2)
        case "USD": CurrencyUnit(symbol: "$", digits: 2)
        case "JPY": CurrencyUnit(symbol: "¥", digits: 0)
        case "KRW", "CLP", "ISK", "VND": CurrencyUnit(symbol: nil, digits: 0)
        case "BHD", "KWD", "JOD", "OMR", "TND": CurrencyUnit(symbol: nil, digits: 3)
        default: CurrencyUnit(symbol: nil, digits: 2)
        }
    }
}
