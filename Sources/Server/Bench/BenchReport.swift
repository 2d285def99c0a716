import Foundation
import Web

/// One measured number, what it must reach, and what something comparable reached in the same run.
struct Figure: Encodable, Sendable {
    enum Bound: String, Encodable, Sendable { case atLeast, atMost }

    struct Target: Encodable, Sendable {
        let bound: Bound
        let value: Double
    }

    struct Yardstick: Encodable, Sendable {
        let name: String
        let value: Double
    }

    let name: String
    let value: Double
    let unit: String
    var target: Target?
    var yardstick: Yardstick?

    /// Nil for a figure that is only told.
    var reached: Bool? {
        target.map { $0.bound == .atLeast ? value >= $0.value : value <= $0.value }
    }

    enum CodingKeys: String, CodingKey { case name, value, unit, target, yardstick, reached }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(value, forKey: .value)
        try container.encode(unit, forKey: .unit)
        try container.encodeIfPresent(target, forKey: .target)
        try container.encodeIfPresent(yardstick, forKey: .yardstick)
        try container.encodeIfPresent(reached, forKey: .reached)
    }
}

/// What a bench prints: a table for people, and as its last line one JSON object.
struct BenchReport: Encodable, Sendable {
    let bench: String
    private(set) var figures: [Figure] = []
    private(set) var notes: [String] = []

    init(bench: String) {
        self.bench = bench
    }

    var reached: Bool { figures.allSatisfy { $0.reached != false } }

    mutating func add(
        _ name: String, _ value: Double, _ unit: String, atLeast: Double? = nil, atMost: Double? = nil,
        beside yardstick: Figure.Yardstick? = nil
    ) {
        let target =
            atLeast.map { Figure.Target(bound: .atLeast, value: $0) } ?? atMost.map { Figure.Target(bound: .atMost, value: $0) }
        figures.append(
            Figure(name: name, value: (value * 1000).rounded() / 1000, unit: unit, target: target, yardstick: yardstick))
    }

    mutating func note(_ text: String) {
        notes.append(text)
        say(text)
    }

    /// Progress, on standard error.
    func say(_ text: String) {
        FileHandle.standardError.write(Data("bench \(bench): \(text)\n".utf8))
    }

    var text: String {
        let width = figures.map(\.name.count).max() ?? 0
        return figures.map { figure in
            var line =
                figure.name + String(repeating: " ", count: width - figure.name.count + 2) + Self.short(figure.value) + " "
                + figure.unit
            if let target = figure.target {
                line +=
                    "  (\(target.bound == .atLeast ? "at least" : "at most") \(Self.short(target.value)): \(figure.reached == true ? "reached" : "MISSED"))"
            }
            if let yardstick = figure.yardstick { line += "  beside \(yardstick.name): \(Self.short(yardstick.value))" }
            return line
        }.joined(separator: "\n")
    }

    func line() throws -> String {
        String(decoding: try JSON.encode(self), as: UTF8.self)
    }

    private static func short(_ value: Double) -> String {
        value >= 1000 ? String(Int(value.rounded())) : String(format: "%.4g", value)
    }

    enum CodingKeys: String, CodingKey { case bench, figures, notes, build, cores, reached }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(bench, forKey: .bench)
        try container.encode(figures, forKey: .figures)
        try container.encode(notes, forKey: .notes)
        #if DEBUG
        try container.encode("debug", forKey: .build)
        #else
        try container.encode("release", forKey: .build)
        #endif
        try container.encode(ProcessInfo.processInfo.activeProcessorCount, forKey: .cores)
        try container.encode(reached, forKey: .reached)
    }
}
