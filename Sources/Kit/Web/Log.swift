import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

enum AccessLog {
    /// One line per request: who, what, how long; never cookies, tokens, queries or bodies.
    static func write(
        _ logger: Logger, _ request: Hummingbird.Request, _ arrival: Arrival, _ response: Response, _ elapsed: Duration,
        route: String?
    ) {
        guard logger.logLevel <= .info else { return }
        logger.info(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(path(request, route))", "status": "\(response.status.code)",
                "ms": "\((elapsed.seconds * 10_000).rounded() / 10)", "request": "\(arrival.requestID)",
                "tenant": "\(arrival.tenant?.slug ?? "-")", "member": "\(arrival.notes.member?.text ?? "-")",
                "address": "\(arrival.address ?? "-")"
            ])
    }

    /// An address with a token in it opens something by itself: its route stands for it.
    private static func path(_ request: Hummingbird.Request, _ route: String?) -> String {
        guard let route, route.split(separator: "{").contains(where: { $0.hasPrefix("token}") }) else { return request.uri.path }
        return route
    }
}

/// Log lines as JSON, one object each, on standard output; control characters are escaped, so no text can forge a line (ASVS V16.4.1).
public struct JSONLog: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level
    private let label: String

    public init(label: String, level: Logger.Level) {
        self.label = label
        self.logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = Array("{\"at\":\"\(Self.clock.text(Date()))\",\"level\":\"\(event.level.rawValue)\",\"message\":".utf8)
        Self.append(event.message.description, to: &line)
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            line.append(UInt8(ascii: ","))
            Self.append(key, to: &line)
            line.append(UInt8(ascii: ":"))
            Self.append(value.description, to: &line)
        }
        line += "}\n".utf8
        // One write(2) per line keeps lines of several threads whole.
        FileHandle.standardOutput.write(Data(line))
    }

    private static let clock = LogClock()

    private static func append(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5C: line += [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: scalar.value)]
            case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: line += "\\u\(String(format: "%04x", scalar.value))".utf8
            case 0..<0x7F: line.append(UInt8(truncatingIfNeeded: scalar.value))
            default: line += Character(scalar).utf8
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}

/// The time of a line: ISO 8601 in UTC with milliseconds. Lines of one second share its text.
final class LogClock: Sendable {
    private let second = Mutex((number: Int.min, text: ""))

    func text(_ date: Date) -> String {
        let millis = Int(date.timeIntervalSince1970 * 1000)
        let number = millis / 1000
        let text = second.withLock { second in
            if second.number != number { second = (number, Date(timeIntervalSince1970: Double(number)).formatted(.iso8601)) }
            return second.text.dropLast()
        }
        let rest = String(millis % 1000)
        return "\(text).\(String(repeating: "0", count: 3 - rest.count))\(rest)Z"
    }
}
