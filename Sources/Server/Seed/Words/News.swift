/// News of the demo as they were written.
struct DemoNews: Sendable {
    enum Whom: Sendable {
        case everybody
        case roles([String])
        /// Of whoever signs in as a resident.
        case house, entrance, flat
    }

    enum State: Sendable {
        case draft, published
        /// Days from now.
        case scheduled(Double)
        case withdrawn(String)
    }

    let title: String
    let text: String
    let whom: Whom
    let daysAgo: Double
    var state = State.published
    var isImportant = false
    var isPinned = false
    var comments: [(role: String, text: String, isRemoved: Bool)]?
    /// The last day in front, in days from now.
    var days: Int?
    var paper: [String]?
    var hasPicture = false
    /// How many of those whom it is for have read it.
    var read = 0.6

    static func all(_ language: String) -> [DemoNews] { language == "de" ? german : english }

    private static let english: [DemoNews] = [
        DemoNews(
            title: "Water off on Thursday from 9 to 12",
            text:
                "The riser is replaced in the cellar. Please **fill a kettle** before nine.\n\n- no water from 9 to 12\n- run the taps for a minute afterwards",
            whom: .house, daysAgo: 1.2, isImportant: true, isPinned: true,
            comments: [
                ("resident", "Does that include the garden tap?", false), ("manager", "Yes, that one too.", false),
                ("resident", "Wrong house, sorry.", true)
            ], read: 0.5),
        DemoNews(
            title: "Office closed over the holidays",
            text: "From 24 December to 1 January we answer **emergencies** only. The number is on the door of each house.",
            whom: .everybody, daysAgo: 2.4, isPinned: true, days: 45),
        DemoNews(
            title: "Meeting of owners on 15 January",
            text: "The agenda and last year's accounts are attached. Delegates are welcome.",
            whom: .roles(["owner", "portal"]), daysAgo: 4.1, isImportant: true,
            paper: ["Agenda", "1. Accounts of last year", "2. Budget", "3. New windows at the back", "4. Any other business"],
            read: 0.4),
        DemoNews(
            title: "Stairwell painted", text: "The painters are done. Thank you for your patience, and mind the fresh skirting.",
            whom: .house, daysAgo: 6.3, comments: [("resident", "Looks lovely!", false)], hasPicture: true, read: 0.8),
        DemoNews(
            title: "New bins for paper", text: "There are two more in the yard. Please fold boxes.", whom: .everybody,
            daysAgo: 9.7,
            comments: []),
        DemoNews(
            title: "Your meter is read on Tuesday",
            text: "Somebody comes between 8 and 10. Please leave the cupboard in the hall free.",
            whom: .flat, daysAgo: 3.5, days: 6),
        DemoNews(
            title: "Rota for the winter", text: "Please look at your weeks and swap among yourselves until Friday.",
            whom: .roles(["technician", "caretaker", "manager"]), daysAgo: 5.2,
            comments: [("technician", "I can take week 52.", false)]),
        DemoNews(
            title: "Summer party in the yard", text: "Saturday from four. Bring a chair and something to share.",
            whom: .everybody,
            daysAgo: 150, comments: [("resident", "What a nice evening, thanks!", false)], days: -140, read: 0.9),
        DemoNews(
            title: "Scaffolding at the back",
            text: "It stands until the end of the month. Please keep windows shut when nobody is in.",
            whom: .house, daysAgo: 95, days: -60, read: 0.9),
        DemoNews(
            title: "Heating off on Monday", text: "The boiler is serviced.", whom: .everybody, daysAgo: 30,
            state: .withdrawn("The technician has cancelled; there is a new date soon."), read: 0.7),
        DemoNews(
            title: "Chimney sweep", text: "He comes on the morning of that day. Please let him into the attic.", whom: .entrance,
            daysAgo: 0.3, state: .scheduled(5)),
        DemoNews(
            title: "House rules, new wording", text: "Draft: quiet hours and bicycles in the hall. *To be agreed.*",
            whom: .everybody,
            daysAgo: 0.2, state: .draft, comments: [])
    ]

    private static let german: [DemoNews] = [
        DemoNews(
            title: "Donnerstag von 9 bis 12 Uhr kein Wasser",
            text:
                "Im Keller wird der Strang getauscht. Bitte vorher einen **Kessel füllen**.\n\n- kein Wasser von 9 bis 12 Uhr\n- danach die Hähne eine Minute laufen lassen",
            whom: .house, daysAgo: 1.2, isImportant: true, isPinned: true,
            comments: [
                ("resident", "Auch der Hahn im Garten?", false), ("manager", "Ja, der auch.", false),
                ("resident", "Falsches Haus, Entschuldigung.", true)
            ], read: 0.5),
        DemoNews(
            title: "Büro über die Feiertage geschlossen",
            text: "Vom 24. Dezember bis 1. Januar sind wir nur bei **Notfällen** da. Die Nummer hängt an jeder Haustür.",
            whom: .everybody, daysAgo: 2.4, isPinned: true, days: 45),
        DemoNews(
            title: "Eigentümerversammlung am 15. Januar",
            text: "Tagesordnung und Abrechnung liegen bei. Bevollmächtigte sind willkommen.", whom: .roles(["owner", "portal"]),
            daysAgo: 4.1, isImportant: true,
            paper: [
                "Tagesordnung", "1. Abrechnung des Vorjahres", "2. Wirtschaftsplan", "3. Neue Fenster zum Hof", "4. Verschiedenes"
            ],
            read: 0.4),
        DemoNews(
            title: "Treppenhaus gestrichen",
            text: "Die Maler sind fertig. Danke für Ihre Geduld, und Vorsicht mit den frischen Leisten.",
            whom: .house, daysAgo: 6.3, comments: [("resident", "Schön geworden!", false)], hasPicture: true, read: 0.8),
        DemoNews(
            title: "Neue Papiertonnen", text: "Im Hof stehen zwei mehr. Bitte Kartons falten.", whom: .everybody, daysAgo: 9.7,
            comments: []),
        DemoNews(
            title: "Ihr Zähler wird am Dienstag abgelesen",
            text: "Jemand kommt zwischen 8 und 10 Uhr. Bitte den Schrank im Flur freihalten.", whom: .flat, daysAgo: 3.5, days: 6),
        DemoNews(
            title: "Dienstplan für den Winter",
            text: "Bitte schauen Sie Ihre Wochen an und tauschen Sie bis Freitag untereinander.",
            whom: .roles(["technician", "caretaker", "manager"]), daysAgo: 5.2,
            comments: [("technician", "Woche 52 kann ich nehmen.", false)]),
        DemoNews(
            title: "Sommerfest im Hof", text: "Samstag ab vier. Bringen Sie einen Stuhl mit und etwas zum Teilen.",
            whom: .everybody,
            daysAgo: 150, comments: [("resident", "Ein schöner Abend, danke!", false)], days: -140, read: 0.9),
        DemoNews(
            title: "Gerüst an der Rückseite",
            text: "Es steht bis Ende des Monats. Bitte Fenster schließen, wenn niemand da ist.", whom: .house, daysAgo: 95,
            days: -60,
            read: 0.9),
        DemoNews(
            title: "Montag keine Heizung", text: "Der Kessel wird gewartet.", whom: .everybody, daysAgo: 30,
            state: .withdrawn("Der Techniker hat abgesagt, ein neuer Termin folgt."), read: 0.7),
        DemoNews(
            title: "Schornsteinfeger", text: "Er kommt am Vormittag dieses Tages. Bitte lassen Sie ihn auf den Dachboden.",
            whom: .entrance, daysAgo: 0.3, state: .scheduled(5)),
        DemoNews(
            title: "Hausordnung, neue Fassung", text: "Entwurf: Ruhezeiten und Fahrräder im Flur. *Noch abzustimmen.*",
            whom: .everybody, daysAgo: 0.2, state: .draft, comments: [])
    ]
}
