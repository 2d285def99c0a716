/// A conversation as a script: who speaks is a role, and whoever signs in for that role plays it.
struct DemoConversation: Sendable {
    enum About: Sendable {
        case nothing, unit, fault
    }

    struct Line: Sendable {
        let role: String
        let text: String
        /// What it said at first, or nothing where it was never changed.
        var before: String?
        var isTakenBack = false
        /// The others report it.
        var isReported = false
        /// Comes with one of the demo's photos.
        var hasPicture = false

        init(
            _ role: String, _ text: String, before: String? = nil, takenBack: Bool = false, reported: Bool = false,
            picture: Bool = false
        ) {
            (self.role, self.text, self.before) = (role, text, before)
            (isTakenBack, isReported, hasPicture) = (takenBack, reported, picture)
        }
    }

    let subject: String
    let about: About
    let roles: [String]
    let daysAgo: Double
    let lines: [Line]
    /// Have not seen the last line.
    var unreadBy: [String] = []
    var archivedBy: [String] = []
    var mutedBy: [String] = []

    static func all(_ language: String) -> [DemoConversation] { language == "de" ? german : english }

    private static let english: [DemoConversation] = [
        DemoConversation(
            subject: "", about: .nothing, roles: ["resident", "manager"], daysAgo: 1.6,
            lines: [
                Line("resident", "Good morning, is the bulky waste collected this month?"),
                Line("manager", "Good morning. Yes, on **Thursday**. Please put it out the evening before, not earlier."),
                Line("resident", "Great, thanks. Does an old mattress count?"),
                Line("manager", "It does.", before: "I think so."),
                Line("resident", "Could I leave it in the cellar until then?"),
                Line("manager", "Please not in the passage, it is an escape route. Your own compartment is fine.")
            ], unreadBy: ["resident"]),
        DemoConversation(
            subject: "Balcony door", about: .unit, roles: ["owner", "manager"], daysAgo: 6.4,
            lines: [
                Line("owner", "The tenant says the balcony door lets in a draught. Is that on me or on all of us?"),
                Line("manager", "The frame belongs to the house, the seal is yours. I will have both looked at in one visit."),
                Line("owner", "Sounds fair. Up to 250 is fine without asking me again."),
                Line("manager", "Noted. I will write when there is a date.")
            ], unreadBy: ["owner"]),
        DemoConversation(
            subject: "", about: .fault, roles: ["resident", "technician", "manager"], daysAgo: 3.3,
            lines: [
                Line("technician", "Hello, I have your report here. Would tomorrow between 8 and 10 suit you?"),
                Line("resident", "Tomorrow I am out, but the neighbour has a key."),
                Line("technician", "Then I will ring there. It takes about half an hour."),
                Line("resident", "Wonderful, thank you both. This is how it looks now.", picture: true),
                Line("manager", "Please send a picture when it is done.")
            ], unreadBy: ["technician"]),
        DemoConversation(
            subject: "On call over the holidays", about: .nothing, roles: ["manager", "admin", "technician"], daysAgo: 12.2,
            lines: [
                Line("manager", "Who is on call when?\n\n- 24 to 26: ?\n- 27 to 30: ?\n- 31 and 1: ?"),
                Line("technician", "I can do the first days."),
                Line(
                    "admin", "I take New Year. The emergency number is forwarded as of noon. This is where the spare keys hang.",
                    picture: true),
                Line("technician", "Wrong window, sorry.", takenBack: true),
                Line("manager", "Thank you. Then the middle is mine.")
            ], mutedBy: ["admin"]),
        DemoConversation(
            subject: "Meter readings", about: .nothing, roles: ["portal", "manager"], daysAgo: 9.1,
            lines: [
                Line("portal", "Where do I enter the readings for the flat that I look after?"),
                Line("manager", "Send them here until the end of the month, I enter them for you.")
            ], archivedBy: ["manager"]),
        DemoConversation(
            subject: "Parcels in the hallway", about: .nothing, roles: ["manager", "resident", "owner"], daysAgo: 20.5,
            lines: [
                Line("manager", "Please collect parcels from the hallway the same day. Thank you!"),
                Line("owner", "Perhaps somebody should stop ordering half the internet. You know who you are.", reported: true),
                Line("resident", "That is not a tone to talk in.")
            ])
    ]

    private static let german: [DemoConversation] = [
        DemoConversation(
            subject: "", about: .nothing, roles: ["resident", "manager"], daysAgo: 1.6,
            lines: [
                Line("resident", "Guten Morgen, kommt diesen Monat der Sperrmüll?"),
                Line("manager", "Guten Morgen. Ja, am **Donnerstag**. Bitte erst am Abend vorher hinausstellen."),
                Line("resident", "Prima, danke. Zählt eine alte Matratze dazu?"),
                Line("manager", "Ja, die wird mitgenommen.", before: "Ich glaube schon."),
                Line("resident", "Darf sie bis dahin im Keller stehen?"),
                Line("manager", "Bitte nicht im Gang, das ist ein Fluchtweg. In Ihrem Abteil gern.")
            ], unreadBy: ["resident"]),
        DemoConversation(
            subject: "Balkontür", about: .unit, roles: ["owner", "manager"], daysAgo: 6.4,
            lines: [
                Line("owner", "Die Mieter sagen, an der Balkontür zieht es. Zahle das ich oder die Gemeinschaft?"),
                Line(
                    "manager", "Der Rahmen gehört der Gemeinschaft, die Dichtung Ihnen. Ich lasse beides bei einem Termin prüfen."
                ),
                Line("owner", "In Ordnung. Bis 250 Euro ohne Rückfrage."),
                Line("manager", "Ist notiert. Ich melde mich mit einem Termin.")
            ], unreadBy: ["owner"]),
        DemoConversation(
            subject: "", about: .fault, roles: ["resident", "technician", "manager"], daysAgo: 3.3,
            lines: [
                Line("technician", "Guten Tag, Ihre Meldung liegt bei mir. Passt es morgen zwischen 8 und 10 Uhr?"),
                Line("resident", "Morgen bin ich unterwegs, die Nachbarin hat aber einen Schlüssel."),
                Line("technician", "Dann klingle ich dort. Es dauert etwa eine halbe Stunde."),
                Line("resident", "Wunderbar, vielen Dank Ihnen beiden. So sieht es jetzt aus.", picture: true),
                Line("manager", "Bitte schicken Sie ein Bild, wenn es fertig ist.")
            ], unreadBy: ["technician"]),
        DemoConversation(
            subject: "Bereitschaft über die Feiertage", about: .nothing, roles: ["manager", "admin", "technician", "caretaker"],
            daysAgo: 12.2,
            lines: [
                Line("manager", "Wer übernimmt wann die Bereitschaft?\n\n- 24. bis 26.: ?\n- 27. bis 30.: ?\n- 31. und 1.: ?"),
                Line("technician", "Die ersten Tage kann ich."),
                Line("caretaker", "Schnee und Streuen mache ich sowieso."),
                Line(
                    "admin", "Ich nehme Neujahr. Die Notrufnummer ist ab Mittag umgeleitet. Hier hängen die Ersatzschlüssel.",
                    picture: true),
                Line("technician", "Falsches Fenster, Entschuldigung.", takenBack: true),
                Line("manager", "Danke. Dann bleibt die Mitte bei mir.")
            ], mutedBy: ["admin"]),
        DemoConversation(
            subject: "Zählerstände", about: .nothing, roles: ["portal", "manager"], daysAgo: 9.1,
            lines: [
                Line("portal", "Wo trage ich die Zählerstände der Wohnung ein, um die ich mich kümmere?"),
                Line("manager", "Schicken Sie sie bis Monatsende hierher, ich trage sie für Sie ein.")
            ], archivedBy: ["manager"]),
        DemoConversation(
            subject: "Pakete im Hausflur", about: .nothing, roles: ["manager", "resident", "owner"], daysAgo: 20.5,
            lines: [
                Line("manager", "Bitte holen Sie Pakete noch am selben Tag aus dem Hausflur. Vielen Dank!"),
                Line(
                    "owner", "Vielleicht bestellt da jemand einfach zu viel. Sie wissen schon, wer gemeint ist.", reported: true),
                Line("resident", "So muss man nicht miteinander reden.")
            ])
    ]
}
