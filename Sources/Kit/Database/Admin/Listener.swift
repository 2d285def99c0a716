import CPostgres
import Foundation
import Logging
import Synchronization

/// Hears NOTIFY on a connection of its own, and connects again when that is lost.
public final class Listener: Sendable {
    public enum Event: Sendable, Equatable {
        case notification(channel: String, payload: String)
        /// The connection stands, for the first time.
        case listening
        /// The connection is lost: until the next `gap` nothing is heard.
        case deaf
        /// Something may have been missed: the connection was made anew, or the reader fell behind. Look for yourself.
        case gap
    }

    /// For one reader. Ends with `stop()` or when the listener is let go.
    public let events: AsyncStream<Event>

    private let ear: Ear

    /// - Parameter channels: lower-case letters, digits and underscores.
    public init(_ settings: Database.Settings, channels: [String], logger: Logger = Logger(label: "listener")) throws {
        for channel in channels {
            guard !channel.isEmpty,
                channel.utf8.allSatisfy({ $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
            else {
                throw DatabaseError.misuse("\"\(channel)\" is not the name of a channel")
            }
        }
        let (stream, continuation) = AsyncStream<Event>.makeStream(bufferingPolicy: .bufferingNewest(4_096))
        events = stream
        let ear = try Ear(settings.connection, channels, continuation, logger)
        self.ear = ear
        continuation.onTermination = { _ in ear.stop() }
        ear.start()
    }

    public func stop() { ear.stop() }

    deinit { ear.stop() }
}

/// The thread behind a listener.
private final class Ear: Sendable {
    private let settings: ConnectionSettings
    private let channels: [String]
    private let events: AsyncStream<Listener.Event>.Continuation
    private let logger: Logger
    private let signal: Signal
    private let stopped = Atomic<Bool>(false)

    init(
        _ settings: ConnectionSettings, _ channels: [String], _ events: AsyncStream<Listener.Event>.Continuation, _ logger: Logger
    )
        throws(DatabaseError)
    {
        self.settings = settings
        self.channels = channels
        self.events = events
        self.logger = logger
        signal = try Signal()
    }

    func start() {
        let thread = Thread { self.live() }
        thread.name = "postgres-listen"
        thread.stackSize = 512 * 1024
        thread.start()
    }

    func stop() {
        stopped.store(true, ordering: .relaxed)
        signal.raise()
    }

    private var isStopped: Bool { stopped.load(ordering: .relaxed) }

    private func live() {
        var failures = 0
        var heardBefore = false
        while !isStopped {
            if let pg = connect() {
                tell(heardBefore ? .gap : .listening)
                heardBefore = true
                failures = 0
                while !isStopped, hear(pg) {}
                PQfinish(pg)
                if !isStopped { tell(.deaf) }
            }
            if isStopped { break }
            failures += 1
            _ = signal.wait(
                socket: -1, forReading: false, forWriting: false, milliseconds: Int32(min(1_000, 25 << min(failures, 6))))
        }
        events.finish()
    }

    private func connect() -> OpaquePointer? {
        guard let pg = settings.withKeywords({ PQconnectdbParams($0, $1, 1) }) else { return nil }
        PQsetNoticeProcessor(pg, { _, _ in }, nil)
        for channel in channels where PQstatus(pg) == CONNECTION_OK {
            // Names were checked to be plain identifiers: LISTEN takes no bind.
            guard let result = PQexec(pg, "listen \(channel)") else { break }
            defer { PQclear(result) }
            if PQresultStatus(result) != PGRES_COMMAND_OK { break }
            if channel == channels.last { return pg }
        }
        logger.warning("no connection to listen on", metadata: ["error": "\(String(cString: PQerrorMessage(pg)))"])
        PQfinish(pg)
        return nil
    }

    /// False when the connection is lost.
    private func hear(_ pg: OpaquePointer) -> Bool {
        let found = signal.wait(socket: PQsocket(pg), forWriting: false, milliseconds: 5_000)
        guard found.readable else { return PQstatus(pg) == CONNECTION_OK }
        let intact = PQconsumeInput(pg) == 1
        while let notification = PQnotifies(pg) {
            tell(
                .notification(
                    channel: String(cString: notification.pointee.relname),
                    payload: notification.pointee.extra.map { String(cString: $0) } ?? ""))
            PQfreemem(notification)
        }
        return intact && PQstatus(pg) == CONNECTION_OK
    }

    private func tell(_ event: Listener.Event) {
        if case .dropped = events.yield(event) { events.yield(.gap) }
    }
}
