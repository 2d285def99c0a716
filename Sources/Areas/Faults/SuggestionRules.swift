import Foundation

/// Finds out by words what a fault is about, in the languages that Portico speaks. Always at hand, needs nobody outside.
enum SuggestionRules {
    private struct Clue {
        let category: String
        /// From five letters on also as beginning or end of longer words, because German builds them. Shorter ones stand alone.
        let words: [String]
        var tag: FaultTag?
        var priority: FaultPriority?

        var isDanger: Bool { tag.map { [.gas, .fire, .flood, .liftStuck].contains($0) } ?? false }
    }

    /// - Parameter categories: what the company has; nothing else is suggested.
    static func opinion(title: String, description: String, among categories: [String]) -> FaultOpinion {
        opinion(title: title, description: description, among: categories, of: clues)
    }

    private static func opinion(title: String, description: String, among categories: [String], of clues: [Clue]) -> FaultOpinion
    {
        let text = " " + (title + " " + description).lowercased()
        let words = Set(text.split { !$0.isLetter }.map(String.init))
        let found = clues.filter { $0.words.contains { stands($0, in: words, text) } }
        var counts: [String: Int] = [:]
        for clue in found where categories.contains(clue.category) { counts[clue.category, default: 0] += 1 }
        let ranked = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var opinion = FaultOpinion(tags: [], confidence: 0)
        for tag in found.compactMap(\.tag) where !opinion.tags.contains(tag) && opinion.tags.count < 5 {
            opinion.tags.append(tag)
        }
        opinion.priority = Danger.isNamed(in: text) ? .urgent : found.compactMap(\.priority).first
        guard let best = ranked.first else { return opinion }
        let second = ranked.dropFirst().first?.value ?? 0
        opinion.category = best.key
        opinion.confidence = best.value == second ? 0.4 : min(0.9, 0.5 + 0.2 * Double(best.value - second))
        return opinion
    }

    /// What the words on photos add where the person's own say nothing: a category, less sure than anybody's sentence, and what it is about.
    /// Never how urgent it is, and never danger: those words stand on every gas meter and beside every fire extinguisher.
    static func opinion(_ said: FaultOpinion, onPhotos words: [String], among categories: [String]) -> FaultOpinion {
        guard said.category == nil, !words.isEmpty else { return said }
        let read = opinion(
            title: words.joined(separator: " "), description: "", among: categories, of: clues.filter { !$0.isDanger })
        guard let category = read.category else { return said }
        var opinion = said
        opinion.category = category
        opinion.confidence = read.confidence * 0.6
        for tag in read.tags where !opinion.tags.contains(tag) && opinion.tags.count < 5 { opinion.tags.append(tag) }
        return opinion
    }

    private static func stands(_ clue: String, in words: Set<String>, _ text: String) -> Bool {
        if words.contains(clue) { return true }
        guard clue.count >= 5 else { return false }
        return clue.contains { !$0.isLetter }
            ? text.contains(" " + clue) : words.contains { $0.hasPrefix(clue) || $0.hasSuffix(clue) }
    }

    /// What can be said about photos without looking at them with eyes: too small to show anything, or nothing on them.
    static func look(_ photos: [(width: Int, height: Int, bytes: Int)]) -> [FaultTag] {
        var tags: [FaultTag] = []
        if photos.contains(where: { max($0.width, $0.height) < 400 }) { tags.append(.photoSmall) }
        // A JPEG of a dark or covered lens is hardly longer than its tables.
        let isBlank = photos.contains {
            max($0.width, $0.height) >= 400 && Double($0.bytes) < 0.015 * Double($0.width) * Double($0.height)
        }
        if isBlank { tags.append(.photoBlank) }
        return tags
    }

    private static let clues = [
        Clue(
            category: "plumbing", words: ["tropf", "undicht", "leck", "leak", "leaking", "dripping", "drips", "läuft aus"],
            tag: .leak),
        Clue(category: "plumbing", words: ["verstopf", "blocked", "clogged", "abfluss", "drain"], tag: .blockage),
        Clue(
            category: "plumbing",
            words: [
                "wasserhahn", "waschbecken", "toilette", "wc", "klo", "dusche", "badewanne", "tap", "sink", "toilet", "shower",
                "bathtub", "faucet"
            ]),
        Clue(category: "plumbing", words: ["wasserrohr", "rohrbruch", "pipe", "pipes", "überschwemm", "flood"], tag: .flood),
        Clue(category: "heating", words: ["heizung", "heizkörper", "heating", "radiator", "thermostat", "boiler", "therme"]),
        Clue(category: "heating", words: ["kalte wohnung", "eiskalt", "no heat", "freezing"], tag: .noHeat, priority: .high),
        Clue(category: "heating", words: ["warmwasser", "warmes wasser", "hot water"], tag: .noHotWater, priority: .high),
        Clue(category: "heating", words: ["gas", "gasgeruch", "gasleck"], tag: .gas),
        Clue(
            category: "electrical",
            words: [
                "steckdose", "sicherung", "strom", "kabel", "elektr", "socket", "outlet", "fuse", "breaker", "wiring", "electric"
            ]),
        Clue(
            category: "electrical", words: ["stromausfall", "kein strom", "power cut", "no power", "outage"], tag: .noPower,
            priority: .high),
        Clue(
            category: "electrical", words: ["licht", "lampe", "flackert", "light", "lights", "lamp", "bulb", "flicker"],
            tag: .light),
        Clue(category: "electrical", words: ["funken", "sparks", "brennt", "rauch", "smoke", "fire", "feuer"], tag: .fire),
        Clue(category: "elevator", words: ["aufzug", "fahrstuhl", "elevator", "lift"]),
        Clue(
            category: "elevator", words: ["steckt fest", "eingeschlossen", "stuck", "trapped"], tag: .liftStuck, priority: .urgent
        ),
        Clue(category: "structural", words: ["schimmel", "mould", "mold", "feuchte wand", "damp"], tag: .mould),
        Clue(category: "structural", words: ["riss", "risse", "crack", "cracks", "putz", "plaster"], tag: .crack),
        Clue(category: "structural", words: ["dach", "wand", "decke", "fenster", "roof", "wall", "ceiling", "window"]),
        Clue(
            category: "security", words: ["schloss", "schlüssel", "haustür", "lock", "locks", "key", "keys", "front door"],
            tag: .lock),
        Clue(category: "security", words: ["einbruch", "eingebrochen", "burglar", "break-in", "klingel", "doorbell", "intercom"]),
        Clue(
            category: "cleaning",
            words: ["müll", "schmutz", "dreck", "reinigung", "rubbish", "garbage", "trash", "dirty", "cleaning", "graffiti"],
            tag: .dirt),
        Clue(
            category: "common_area",
            words: [
                "treppenhaus", "keller", "hof", "garten", "garage", "tiefgarage", "stairwell", "hallway", "basement", "courtyard"
            ]),
        Clue(category: "common_area", words: ["lärm", "krach", "noise", "noisy"], tag: .noise)
    ]
}

/// What the rules say of a report, for demo data.
package struct RulesSaid: Sendable {
    package let category: String?
    package let priority: String?
    package let tags: [String]
    package let confidence: Double

    package init(_ title: String, _ description: String, among categories: [String]) {
        let opinion = SuggestionRules.opinion(title: title, description: description, among: categories)
        category = opinion.category
        priority = opinion.priority?.rawValue
        tags = opinion.tags.map(\.rawValue)
        confidence = opinion.confidence
    }
}
