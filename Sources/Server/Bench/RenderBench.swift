import ArgumentParser
import Faults
import Foundation
import HTML
import UI

/// How long the list page with 50 rows takes from its struct to its bytes, layout included.
struct RenderBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "The list page with 50 rows, from struct to bytes.")

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.report("render") { report in
            let page = FaultsPage.sample(rows: 50)
            let view = Self.view
            report.say("\(options.seconds) s")
            var rounds: [Double] = []
            let clock = ContinuousClock()
            let end = clock.now + .seconds(options.seconds)
            var bytes = 0
            while clock.now < end {
                let time = clock.measure { for _ in 0..<200 { bytes = page.rendered(view).buffer.readableBytes } }
                rounds.append(time.inSeconds / 200 * 1_000_000)
            }
            rounds.sort()
            let copied = Self.copying(bytes)
            report.add(
                "render, half within", rounds[rounds.count / 2], "µs", atMost: 30,
                beside: .init(name: "copying as many bytes once", value: copied))
            report.add("render, 99 of 100 within", rounds[rounds.count * 99 / 100], "µs")
            report.add("page", Double(bytes), "bytes")
        }
    }

    private static func copying(_ count: Int) -> Double {
        let source = [UInt8](repeating: 32, count: count)
        var target = [UInt8](repeating: 0, count: count)
        let time = ContinuousClock().measure {
            for round in 0..<10_000 {
                target.withUnsafeMutableBytes { to in source.withUnsafeBytes { to.copyMemory(from: $0) } }
                target[round % max(count, 1)] = 1
            }
        }
        return time.inSeconds / 10_000 * 1_000_000
    }

    private static var view: View {
        let items: [(String, WebPath, Icon)] = [
            ("Home", "/dashboard", .house), ("Faults", "/faults", .tools), ("Buildings", "/buildings", .buildings),
            ("Notices", "/notifications", .inbox)
        ]
        return View(
            language: .en, format: Format(language: .en, timeZone: .gmt, currency: "EUR"), company: "Portico Bench",
            assets: AssetPaths(), path: "/faults",
            person: Person(name: "Maria Kern", subtitle: "Manager", key: "m1"),
            navigation: items.map { NavItem(label: $0.0, path: $0.1, icon: $0.2, current: $0.1 == "/faults") }, unread: 3,
            csrf: "csrf", formKey: "key",
            requestID: "request")
    }
}
