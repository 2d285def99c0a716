import Foundation
import Logging
import Web

enum Log {
    /// JSON lines on standard output at the level of PORTICO_LOG.
    static func start(_ settings: Settings) -> Logger {
        let level = Logger.Level(rawValue: settings.logLevel) ?? .info
        LoggingSystem.bootstrap { JSONLog(label: $0, level: level) }
        return Logger(label: "portico")
    }
}
