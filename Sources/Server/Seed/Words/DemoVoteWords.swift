/// What the demo companies vote on.
struct DemoVoteWords: Sendable {
    struct Question: Sendable {
        let title: String
        var options: [String] = []
    }

    struct Vote: Sendable {
        let title: String
        let description: String
        let questions: [Question]
    }

    let heating: Vote
    let paint: Vote
    let roof: Vote
    let board: Vote
    let plan: Vote

    static let german = DemoVoteWords(
        heating: Vote(
            title: "Neue Heizung",
            description:
                "Der Kessel ist 27 Jahre alt. Drei Angebote liegen vor:\n\n- Wärmepumpe: 184.000 €\n- Fernwärme: 121.000 €\n- Gas-Brennwert: 78.000 €",
            questions: [
                Question(title: "Soll die Heizung in diesem Jahr erneuert werden?"),
                Question(title: "Welches Angebot soll angenommen werden?", options: ["Wärmepumpe", "Fernwärme", "Gas-Brennwert"])
            ]),
        paint: Vote(
            title: "Anstrich des Treppenhauses", description: "Kosten laut Angebot: 14.200 €, aus der Rücklage.",
            questions: [Question(title: "Soll das Treppenhaus neu gestrichen werden?")]),
        roof: Vote(
            title: "Photovoltaik auf dem Dach",
            description:
                "60 kWp auf dem Süddach. Der Strom deckt das Gemeinschaftslicht und den Aufzug; der Rest wird eingespeist.",
            questions: [
                Question(title: "Soll die Anlage gebaut werden?"),
                Question(title: "Soll ein Speicher dazukommen?")
            ]),
        board: Vote(
            title: "Wahl des Verwaltungsbeirats", description: "Geheime Wahl für zwei Jahre.",
            questions: [Question(title: "Wer soll den Vorsitz führen?", options: ["Aylin Demir", "Jonas Petersen", "Maria Kern"])]
        ),
        plan: Vote(
            title: "Wirtschaftsplan", description: "Der Entwurf liegt bei der Verwaltung aus.",
            questions: [Question(title: "Wird der Wirtschaftsplan beschlossen?")]))

    static let english = DemoVoteWords(
        heating: Vote(
            title: "A new heating system",
            description:
                "The boiler is 27 years old. There are three offers:\n\n- heat pump: £158,000\n- district heating: £104,000\n- gas boiler: £67,000",
            questions: [
                Question(title: "Shall the heating be replaced this year?"),
                Question(title: "Which offer shall be accepted?", options: ["Heat pump", "District heating", "Gas boiler"])
            ]),
        paint: Vote(
            title: "Painting the staircase", description: "The offer says £12,300, from the reserve.",
            questions: [Question(title: "Shall the staircase be painted?")]),
        roof: Vote(
            title: "Solar panels on the roof",
            description: "60 kWp on the southern roof. They feed the lights of the common parts and the lift; the rest is sold.",
            questions: [Question(title: "Shall the panels be built?"), Question(title: "Shall there be a battery, too?")]),
        board: Vote(
            title: "Election of the residents' board", description: "A secret election for two years.",
            questions: [Question(title: "Who shall chair the board?", options: ["Priya Nair", "Tom Ashdown", "Elin Marsh"])]),
        plan: Vote(
            title: "Service charge budget", description: "The draft can be read at the office.",
            questions: [Question(title: "Is the budget accepted?")]))
}

extension DemoWords {
    var votes: DemoVoteWords { talk.language == "de" ? .german : .english }
}
