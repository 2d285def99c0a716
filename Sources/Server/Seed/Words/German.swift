extension DemoWords {
    static let german = DemoWords(
        givenNames: [
            "Anna", "Mehmet", "Sabine", "Jonas", "Katharina", "Ali", "Birgit", "Felix", "Nadja", "Thomas", "Greta", "Pavel",
            "Ursula",
            "Lukas", "Fatma", "Heinz", "Marie", "Oskar", "Ilse", "Daniel", "Yasmin", "Rolf", "Paula", "Tobias", "Lena", "Hüseyin",
            "Renate", "Moritz", "Elif", "Klaus", "Johanna", "Dimitri", "Monika", "Emil", "Sofia", "Bernd", "Clara", "Stefan",
            "Agnes",
            "Jan", "Leyla", "Walter", "Frieda", "Milan", "Gisela", "Nils", "Amira", "Dieter", "Hanna", "Viktor"
        ],
        familyNames: [
            "Albrecht", "Aydin", "Bachmann", "Berthold", "Brandes", "Celik", "Dietz", "Ebeling", "Eilers", "Fährmann", "Falk",
            "Gerlach",
            "Grothe", "Haberkorn", "Heine", "Hollstein", "Ivanov", "Jansen", "Kaluza", "Kessler", "Kowalski", "Krüger", "Lehnert",
            "Lindqvist", "Lohmann", "Marquardt", "Mertens", "Nowak", "Oehler", "Özdemir", "Petersen", "Pohl", "Quast",
            "Rademacher",
            "Reuter", "Rösner", "Sander", "Schäfer", "Sievers", "Stahlberg", "Tauber", "Thiele", "Uhlig", "Vogt", "Wagenknecht",
            "Weidner", "Wilke", "Yildiz", "Zander", "Zimmer"
        ],
        complaints: [
            "plumbing": .germanPlumbing, "heating": .germanHeating, "electrical": .germanElectrical, "elevator": .germanElevator,
            "structural": .germanStructural, "common_area": .germanCommonArea, "security": .germanSecurity,
            "cleaning": .germanCleaning, "other": .germanOther
        ],
        openings: [
            "", "", "", "Guten Tag,", "Hallo,", "Das geht schon seit einigen Tagen so.", "Mir ist heute Folgendes aufgefallen:",
            "Leider schon zum zweiten Mal in diesem Jahr:", "Bitte einmal ansehen:"
        ],
        closings: [
            "", "", "", "Ich bin ab 16 Uhr zu Hause.", "Bitte vorher anrufen.", "Vormittags ist immer jemand da.",
            "Die Nachbarn haben einen Schlüssel.", "Vielen Dank im Voraus!", "Über eine kurze Rückmeldung würde ich mich freuen.",
            "Am besten erreichen Sie mich:\n\n- Montag bis Mittwoch ab 17 Uhr\n- Freitag ganztägig",
            "Wichtig: **bitte nicht ohne Termin**, wir haben einen Hund."
        ],
        homeNotes: ["", "", "", "", "Hofseite", "Straßenseite", "Klingel: oberste Reihe", "Bitte laut klopfen"],
        commonNotes: ["", "", "Aufgang A", "Aufgang B", "Hofseite", "Straßenseite", "Hintereingang", "Neben den Briefkästen"],
        holdReasons: [
            "Ersatzteil ist bestellt, Lieferung voraussichtlich in zehn Tagen.",
            "Mieter ist bis Ende der Woche nicht erreichbar.",
            "Warten auf das Angebot der Fachfirma.", "Kostenfreigabe des Eigentümers steht aus.",
            "Muss trocknen, bevor weitergearbeitet werden kann.", "Termin mit dem Hersteller ist vereinbart.",
            "Zugang zum Keller erst nach Absprache mit dem Nachbarhaus möglich."
        ],
        reopenReasons: [
            "Leider tritt das Problem wieder auf, genau wie vorher.", "Hat zwei Tage gehalten, dann war es wieder da.",
            "Es ist besser geworden, aber noch nicht in Ordnung.", "Der Monteur war da, aber der Fehler besteht weiter."
        ],
        cancelReasons: [
            "Hat sich erledigt.", "Doppelt gemeldet.", "War mein Fehler, es funktioniert wieder.",
            "Gehört nicht zum Haus; der Anbieter ist informiert."
        ],
        secondFixes: [
            "Zweiter Termin: Ursache gefunden und das schadhafte Teil vollständig ersetzt. Eine Stunde lang beobachtet.",
            "Nachgebessert und gemeinsam mit dem Mieter geprüft.", "Auf Kulanz durch die Fachfirma erneuert."
        ],
        talk: .german, commonParts: ["Aufzug", "Treppenhaus", "Keller", "Waschküche", "Fahrradraum", "Hof"],
        entrance: { "Aufgang \(["A", "B", "C", "D", "E"][min(4, $0)])" },
        unit: { floor, place, _ in "Wohnung \(floor).\(place < 10 ? "0" : "")\(place)" })
}

extension DemoTalk {
    static let german = DemoTalk(
        language: "de",
        updates: [
            "Wir kommen morgen zwischen 8 und 10 Uhr.", "Das Ersatzteil ist bestellt.",
            "Ich war da, aber niemand zu Hause. Wann passt es Ihnen?", "Erste Besichtigung erledigt, der Rest folgt diese Woche.",
            "Könnten Sie bitte noch ein Foto schicken?"
        ],
        replies: [
            "Danke, ich bin zu Hause.", "Nachmittags passt es mir am besten.", "Seit gestern ist es etwas schlimmer geworden.",
            "Die Nachbarn haben einen Schlüssel.", "Wunderbar, vielen Dank!"
        ],
        notes: [
            "Schon das dritte Mal in diesem Strang; bitte den ganzen Verlauf ansehen.",
            "Die Fachfirma braucht zwei Stunden vor Ort.",
            "Über die Versicherung abrechnen.", "Der Schlüssel liegt beim Hausmeister."
        ],
        outages: [
            ("heating", "Heizung ausgefallen"), ("plumbing", "Kein Wasser"), ("electrical", "Stromausfall"),
            ("elevator", "Aufzug außer Betrieb")
        ],
        outageText: { title, house in
            "\(title): In \(house) gibt es eine Störung. Sie ist uns bekannt, und wir arbeiten daran.\n\n"
                + "Sie brauchen sie nicht noch einmal zu melden."
        })
}
