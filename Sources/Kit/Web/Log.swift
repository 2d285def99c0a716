import Foundation
import HTTPTypes
import Hummingbird
import Logging

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
        guard let route, route.contains("{token}") else { return request.uri.path }
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
        var line = "{\"at\":\"\(Self.now())\",\"level\":\"\(event.level.rawValue)\",\"message\":"
        Self.append(event.message.description, to: &line)
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            line += ","
            Self.append(key, to: &line)
            line += ":"
            Self.append(value.description, to: &line)
        }
        line += "}\n"
        // One write(2) per line keeps lines of several threads whole.
        FileHandle.standardOutput.write(Data(line.utf8))
    }

    private static func now() -> String {
        Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)) + "Z"
    }

    static func append(_ text: String, to line: inout String) {
        line += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case _
            where scalar.value < 32 || scalar.value == 127 || (0x80...0x9F).contains(scalar.value) || scalar.value == 0x2028
                || scalar.value == 0x2029:
                line += "\\u" + String(format: "%04x", scalar.value)
            default: line.unicodeScalars.append(scalar)
            }
        }
        line += "\""
    }
}
