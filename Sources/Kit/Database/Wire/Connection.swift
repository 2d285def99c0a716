import CPostgres
import Foundation
import Synchronization

/// One connection to Postgres in pipeline mode, with its own thread that waits for answers.
///
/// A flight is sent by the task that brings it (no hop to another thread before the bytes leave); the thread reads answers and
/// resumes the tasks. libpq is not thread-safe, so everything that touches it happens behind `gate`. A task never waits for the
/// gate: it leaves its flight in the inbox, and whoever holds the gate sends it before leaving.
final class Connection: @unchecked Sendable {
    let settings: ConnectionSettings
    weak let owner: (any ConnectionOwner)?

    private let inbox = Mutex<[Flight]>([])
    private let gate = Mutex<Void>(())
    private let cancelled = Mutex<[Flight]>([])
    private let closing = Atomic<Bool>(false)
    let signal: Signal

    // Behind the gate.
    var pg: OpaquePointer?
    var canceller: Canceller?
    var statements = Statements()
    /// Taken from the inbox, but not sent: a statement they need is being prepared by a flight before them.
    var backlog = FIFO<Flight>()
    /// What Postgres still has to answer, in order.
    var expected = FIFO<Expected>()
    var inAir = FIFO<Passage>()
    var finished: [Passage] = []
    /// Answered with 57014 although nobody cancelled them, or asked for a stale plan: they fly again.
    var again: [Flight] = []
    /// Held up by the head; the owner may find them another connection.
    var moving: [Flight] = []
    var movedBehind: ObjectIdentifier?
    var scratch = SendScratch(nothing: .allocate(byteCount: 8, alignment: 8))
    var needsFlush = false
    var failure: DatabaseError?
    /// The thread has ended; nothing can be sent any more.
    private var isOver = false
    /// When Postgres last answered, or was first asked again.
    var progressAt = Instant.now
    var cancelAskedAt: Instant?

    enum Expected {
        case prepared(Passage, Statement)
        case answer(Passage, Statement)
        case deallocated
        case sync(Passage?)
    }

    init(settings: ConnectionSettings, owner: any ConnectionOwner) throws(DatabaseError) {
        self.settings = settings
        self.owner = owner
        signal = try Signal()
    }

    deinit { scratch.nothing.deallocate() }

    /// Connects on the connection's own thread and tells the owner how it went; then serves until it is closed or lost.
    func start() {
        let thread = Thread { self.live() }
        thread.name = "postgres"
        thread.stackSize = 512 * 1024
        thread.start()
    }

    /// Sends now, or as soon as whoever uses the connection is done.
    func send(_ flight: Flight) {
        inbox.withLock { $0.append(flight) }
        sendWhatWaits()
    }

    func cancel(_ flight: Flight) {
        cancelled.withLock { $0.append(flight) }
        signal.raise()
    }

    /// Ends the connection; what is in the air is lost.
    func close() {
        closing.store(true, ordering: .relaxed)
        signal.raise()
    }

    private func sendWhatWaits() {
        while inbox.withLock({ !$0.isEmpty }) {
            // Whoever holds the gate looks into the inbox again after letting go.
            guard let stranded = gate.withLockIfAvailable({ _ in isOver ? takeInbox() : sendInbox() }) else { return }
            settle(stranded)
        }
    }

    private func takeInbox() -> [Flight] {
        inbox.withLock { inbox in
            defer { inbox.removeAll(keepingCapacity: true) }
            return inbox
        }
    }

    /// Behind the gate. Gives back nothing: what could not be sent now stays in the backlog.
    private func sendInbox() -> [Flight] {
        for flight in takeInbox() { backlog.append(flight) }
        let flushed = !needsFlush
        sendBacklog()
        if needsFlush && flushed || failure != nil { signal.raise() }
        return []
    }

    // MARK: the thread

    private func live() {
        do {
            try open()
        } catch {
            gate.withLock { _ in release() }
            owner?.failedToOpen(self, error)
            return
        }
        owner?.opened(self)
        serve()
        let (lost, reason) = gate.withLock { _ in endEverything() }
        owner?.lost(self, reason)
        settle(lost)
        // Whoever came while the gate was held found it shut, and relies on this.
        sendWhatWaits()
    }

    /// Waits, reads, sends, resumes, until the connection is done for.
    private func serve() {
        let socket = gate.withLock { _ in PQsocket(pg) }
        sendWhatWaits()
        var turn = Turn()
        repeat {
            let patience = Int32(clamping: settings.patience.milliseconds)
            let events = signal.wait(
                socket: socket, forWriting: turn.wantsWrite, milliseconds: turn.holdsUp ? max(1, patience) : 1_000)
            turn = gate.withLock { _ in take(events) }
            let reads = turn.landed.count(where: \.flight.isRead)
            if reads > 0 { owner?.landed(self, reads: reads) }
            for passage in turn.landed { passage.deliver() }
            for flight in turn.again { sendAgain(flight) }
            for flight in turn.moving { owner?.sendElsewhere(flight) }
            sendWhatWaits()
        } while turn.goesOn
    }

    private struct Turn {
        var landed: [Passage] = []
        var again: [Flight] = []
        var moving: [Flight] = []
        var wantsWrite = false
        var holdsUp = false
        var goesOn = true
    }

    private func take(_ events: Signal.Events) -> Turn {
        if closing.load(ordering: .relaxed) { failure = failure ?? .connection("the connection was closed") }
        if events.writable { flush() }
        if events.readable { receive() }
        dropCancelled()
        let now = Instant.now
        watch(now)
        for flight in takeInbox() { backlog.append(flight) }
        sendBacklog()
        moveOn(now)
        defer {
            finished.removeAll(keepingCapacity: true)
            again.removeAll()
            moving.removeAll()
        }
        return Turn(
            landed: finished, again: again, moving: moving, wantsWrite: needsFlush, holdsUp: isHoldingUp,
            goesOn: failure == nil)
    }

    /// Everything that was not answered, and why.
    private func endEverything() -> ([Flight], DatabaseError) {
        let reason = failure ?? .connection("the connection was closed")
        isOver = true
        var lost: [Flight] = []
        while let passage = inAir.popFirst() { if !passage.isVoid { lost.append(passage.flight) } }
        while let flight = backlog.popFirst() { lost.append(flight) }
        lost += takeInbox()
        for passage in finished { passage.deliver() }
        lost += again
        failure = reason
        release()
        return (lost, reason)
    }

    /// A read that was lost flies again elsewhere; whatever else was lost is told so.
    private func settle(_ lost: [Flight]) {
        for flight in lost {
            if flight.mayRepeat, owner != nil {
                sendAgain(flight)
            } else {
                flight.fail(failure ?? .connection("the connection was closed"), .lost)
            }
        }
    }

    private func sendAgain(_ flight: Flight) {
        flight.repeats += 1
        owner?.repeats(flight)
    }

    private func release() {
        if let pg { PQfinish(pg) }
        pg = nil
        expected = FIFO()
    }

    private func dropCancelled() {
        let flights = cancelled.withLock { cancelled in
            defer { cancelled.removeAll(keepingCapacity: true) }
            return cancelled
        }
        for flight in flights { drop(flight) }
    }
}

extension Connection: FlightCancelling {}

/// Whoever lends the connection out.
protocol ConnectionOwner: AnyObject, Sendable {
    func opened(_ connection: Connection)
    func failedToOpen(_ connection: Connection, _ error: DatabaseError)
    /// So many reads came down; called before their tasks are resumed.
    func landed(_ connection: Connection, reads: Int)
    /// A read that has to fly again, on whatever connection.
    func repeats(_ flight: Flight)
    /// A read that is held up where it is. It stays there too.
    func sendElsewhere(_ flight: Flight)
    func lost(_ connection: Connection, _ error: DatabaseError)
}
