/// A folder of the demo's shelf, with what lies in it.
struct DemoFolder: Sendable {
    enum File: Sendable {
        /// A PDF of these lines.
        case paper([String])
        case text(String, ending: String)
        /// One of the demo's photos.
        case picture
    }

    struct Paper: Sendable {
        let name: String
        /// ASCII, without ending.
        let file: String
        /// The oldest first.
        let versions: [File]
        var note = ""
        var isBinned = false
    }

    let name: String
    var roles: [String] = []
    /// Of the building of whoever signs in as a resident.
    var isOfHouse = false
    let papers: [Paper]
    var folders: [DemoFolder] = []

    /// The first one stands for the top.
    static func all(_ language: String) -> [DemoFolder] { language == "de" ? german : english }

    private static let staff = ["manager", "admin"]

    private static let english: [DemoFolder] = [
        DemoFolder(
            name: "",
            papers: [
                Paper(
                    name: "House rules", file: "house-rules",
                    versions: [
                        .paper(["House rules", "Quiet from 10 pm to 7 am.", "Bicycles stand in the cellar."]),
                        .paper([
                            "House rules", "Quiet from 10 pm to 7 am, on Sundays all day.", "Bicycles stand in the yard.",
                            "The hall stays free: it is the way out when something burns."
                        ])
                    ], note: "Part of every tenancy agreement."),
                Paper(
                    name: "Emergency numbers", file: "emergency-numbers",
                    versions: [
                        .text(
                            "Fire, ambulance: 999\nGas: 0800 111 999\nWater main: ask the office\nLift: number in the cabin\n",
                            ending: "txt")
                    ])
            ]),
        DemoFolder(
            name: "Minutes", roles: ["owner", "portal", "manager", "admin"],
            papers: [
                Paper(
                    name: "Meeting of last January", file: "minutes-january",
                    versions: [
                        .paper(["Minutes", "Present: 34 of 48 units.", "The accounts were approved.", "The roof comes first."])
                    ]),
                Paper(
                    name: "Budget", file: "budget",
                    versions: [
                        .text("item,amount\nInsurance,4200\nCleaning,7800\nLift,3100\nReserve,12000\n", ending: "csv")
                    ])
            ]),
        DemoFolder(
            name: "My house", isOfHouse: true,
            papers: [
                Paper(name: "Entrance after painting", file: "entrance", versions: [.picture], note: "For the album."),
                Paper(
                    name: "Energy certificate", file: "energy",
                    versions: [.paper(["Energy certificate", "Class C", "92 kWh per square metre and year"])])
            ],
            folders: [
                DemoFolder(
                    name: "For owners", roles: ["owner", "manager", "admin"],
                    papers: [
                        Paper(
                            name: "Offer for new windows", file: "windows",
                            versions: [.paper(["Offer", "48 windows, wood, double glazing", "Good until the end of March."])])
                    ])
            ]),
        DemoFolder(
            name: "Contracts", roles: staff,
            papers: [
                Paper(
                    name: "Cleaning", file: "cleaning",
                    versions: [.paper(["Contract for cleaning", "Twice a week, stairs and hall.", "Notice: three months."])]),
                Paper(
                    name: "Old cleaning contract", file: "cleaning-old",
                    versions: [.paper(["Contract for cleaning", "Once a week."])], isBinned: true)
            ])
    ]

    private static let german: [DemoFolder] = [
        DemoFolder(
            name: "",
            papers: [
                Paper(
                    name: "Hausordnung", file: "hausordnung",
                    versions: [
                        .paper(["Hausordnung", "Ruhe von 22 bis 7 Uhr.", "Fahrräder stehen im Keller."]),
                        .paper([
                            "Hausordnung", "Ruhe von 22 bis 7 Uhr, sonntags ganztags.", "Fahrräder stehen im Hof.",
                            "Der Flur bleibt frei: Er ist der Fluchtweg."
                        ])
                    ], note: "Teil jedes Mietvertrags."),
                Paper(
                    name: "Notrufnummern", file: "notruf",
                    versions: [
                        .text(
                            "Feuerwehr und Rettungsdienst: 112\nGas: Störungsdienst des Versorgers\nWasser: Büro\nAufzug: Nummer in der Kabine\n",
                            ending: "txt")
                    ])
            ]),
        DemoFolder(
            name: "Protokolle", roles: ["owner", "portal", "manager", "admin"],
            papers: [
                Paper(
                    name: "Versammlung im Januar", file: "protokoll-januar",
                    versions: [
                        .paper([
                            "Protokoll", "Anwesend: 34 von 48 Einheiten.", "Die Abrechnung ist genehmigt.",
                            "Das Dach kommt zuerst."
                        ])
                    ]),
                Paper(
                    name: "Wirtschaftsplan", file: "wirtschaftsplan",
                    versions: [
                        .text("Posten;Betrag\nVersicherung;4200\nReinigung;7800\nAufzug;3100\nRücklage;12000\n", ending: "csv")
                    ])
            ]),
        DemoFolder(
            name: "Mein Haus", isOfHouse: true,
            papers: [
                Paper(name: "Eingang nach dem Streichen", file: "eingang", versions: [.picture], note: "Fürs Album."),
                Paper(
                    name: "Energieausweis", file: "energieausweis",
                    versions: [.paper(["Energieausweis", "Klasse C", "92 kWh je Quadratmeter und Jahr"])])
            ],
            folders: [
                DemoFolder(
                    name: "Für Eigentümer", roles: ["owner", "manager", "admin"],
                    papers: [
                        Paper(
                            name: "Angebot für neue Fenster", file: "fenster",
                            versions: [.paper(["Angebot", "48 Fenster, Holz, doppelt verglast", "Gültig bis Ende März."])])
                    ])
            ]),
        DemoFolder(
            name: "Verträge", roles: staff,
            papers: [
                Paper(
                    name: "Reinigung", file: "reinigung",
                    versions: [.paper(["Reinigungsvertrag", "Zweimal wöchentlich, Treppe und Flur.", "Kündigung: drei Monate."])]),
                Paper(
                    name: "Alter Reinigungsvertrag", file: "reinigung-alt",
                    versions: [.paper(["Reinigungsvertrag", "Einmal wöchentlich."])],
                    isBinned: true)
            ])
    ]
}
