/// The words of one language that the demo data is made of.
struct DemoWords: Sendable {
    let givenNames: [String]
    let familyNames: [String]
    /// By category key.
    let complaints: [String: [Complaint]]
    /// A first sentence, mostly about since when.
    let openings: [String]
    /// A last sentence, mostly about when somebody is at home.
    let closings: [String]
    let homeNotes: [String]
    let commonNotes: [String]
    let holdReasons: [String]
    let reopenReasons: [String]
    let cancelReasons: [String]
    /// What is said at the second resolution after a fault was reopened.
    let secondFixes: [String]
    let talk: DemoTalk
    /// The lift first: houses without one leave it out.
    let commonParts: [String]
    let entrance: @Sendable (_ place: Int) -> String
    let unit: @Sendable (_ floor: Int, _ place: Int, _ number: Int) -> String
}

/// What people say about faults and outages.
struct DemoTalk: Sendable {
    let language: String
    /// By whoever works on it, for the reporter to read.
    let updates: [String]
    let replies: [String]
    /// For staff alone.
    let notes: [String]
    /// Title of an outage, by category; the first category of which a house has open faults gets one.
    let outages: [(category: String, title: String)]
    let outageText: @Sendable (_ title: String, _ house: String) -> String
}
