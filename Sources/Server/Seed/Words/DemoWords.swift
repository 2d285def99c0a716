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
    /// The lift first: houses without one leave it out.
    let commonParts: [String]
    let entrance: @Sendable (_ place: Int) -> String
    let unit: @Sendable (_ floor: Int, _ place: Int, _ number: Int) -> String
}
