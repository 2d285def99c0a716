/// What a pool knows; changed under its lock. Nothing here calls out: what has to happen is left as actions.
struct PoolState {
    enum Waiter {
        case read(Flight)
        case lease(LeaseWaiter)
    }

    enum Action {
        case fly(Flight, Connection)
        case grant(LeaseWaiter, Connection)
        case fail(Flight, any Error)
        case refuse(LeaseWaiter, any Error)
        case open
        case close(Connection)
    }

    /// One open connection.
    final class Slot {
        let connection: Connection
        let bornAt: Instant
        var leased = false
        /// Takes no new reads; goes to this one as soon as it is empty.
        var reservedFor: LeaseWaiter?
        var reads = 0
        /// When the read that is now the oldest became that.
        var headSince: Instant
        var retiring = false

        init(_ connection: Connection, _ now: Instant) {
            self.connection = connection
            bornAt = now
            headSince = now
        }

        var isFree: Bool { !leased && reservedFor == nil && !retiring }
        var isIdle: Bool { isFree && reads == 0 }
    }

    private let settings: Database.Settings
    private var slots: [Slot] = []
    private var opening = 0
    private var failures = 0
    private var lastFailure: DatabaseError?
    private var nextTry = Instant(nanoseconds: 0)
    private var reads = FIFO<(flight: Flight, order: UInt64)>()
    private var leases = FIFO<(waiter: LeaseWaiter, order: UInt64)>()
    private var order: UInt64 = 0
    private var isClosed = false
    private var actions: [Action] = []

    init(_ settings: Database.Settings) { self.settings = settings }

    mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    var census: (open: Int, busy: Int, waiting: Int) {
        (slots.count, slots.count { $0.leased || $0.reads > 0 }, reads.count + leases.count)
    }

    // MARK: what happens to a pool

    mutating func add(_ waiter: Waiter) {
        let waiting = reads.count + leases.count
        let refusal: (any Error)? =
            isClosed
            ? DatabaseError.connection("the pool is closed")
            : waiting >= settings.maxWaiters ? PoolTimeout(waiting: waiting) : nil
        order += 1
        switch (waiter, refusal) {
        case (.read(let flight), let error?): actions.append(.fail(flight, error))
        case (.lease(let waiter), let error?): actions.append(.refuse(waiter, error))
        case (.read(let flight), nil): reads.append((flight, order))
        case (.lease(let waiter), nil): leases.append((waiter, order))
        }
    }

    mutating func opened(_ connection: Connection, _ now: Instant) {
        opening -= 1
        failures = 0
        lastFailure = nil
        if isClosed { return actions.append(.close(connection)) }
        slots.append(Slot(connection, now))
    }

    mutating func failedToOpen(_ error: DatabaseError, _ now: Instant) {
        opening -= 1
        failures += 1
        lastFailure = error
        lastFailure?.sqlState = "08001"  // no connection was made, in contrast to 08006, one was lost
        // A server that restarts is back within seconds: try often at first, then once a second.
        nextTry = now + .milliseconds(min(1_000, 50 << min(failures, 5)))
        if error.kind == .misuse { refuseAll(error) }
    }

    /// True when that may serve somebody who waits.
    mutating func landed(_ connection: Connection, reads count: Int, _ now: Instant) -> Bool {
        guard let slot = slot(of: connection) else { return false }
        slot.reads -= min(slot.reads, count)
        slot.headSince = now
        return !reads.isEmpty || !leases.isEmpty || slot.reservedFor != nil
    }

    /// A lane for a read that need not wait; nil when it has to, or when there should be more lanes than there are.
    mutating func lane(at now: Instant) -> Connection? {
        guard !isClosed, reads.isEmpty, leases.isEmpty, let slot = lane(now) else { return nil }
        if slot.reads > 0, slots.count + opening < settings.lanes { return nil }
        if slot.reads == 0 { slot.headSince = now }
        slot.reads += 1
        return slot.connection
    }

    mutating func lost(_ connection: Connection) {
        guard let slot = slot(of: connection) else { return }
        slots.removeAll { $0 === slot }
        if let waiter = slot.reservedFor { leases.prepend((waiter, 0)) }
    }

    mutating func release(_ connection: Connection, reusable: Bool) {
        guard let slot = slot(of: connection) else { return }
        slot.leased = false
        if reusable { return }
        slots.removeAll { $0 === slot }
        actions.append(.close(connection))
    }

    mutating func forget(_ flight: Flight) {
        for _ in reads.remove(where: { $0.flight === flight }) { actions.append(.fail(flight, CancellationError())) }
    }

    mutating func forget(_ waiter: LeaseWaiter) {
        _ = leases.remove { $0.waiter === waiter }
        for slot in slots where slot.reservedFor === waiter { slot.reservedFor = nil }
    }

    mutating func close() {
        isClosed = true
        refuseAll(DatabaseError.connection("the pool is closed"))
        for slot in slots { actions.append(.close(slot.connection)) }
    }

    mutating func tend(_ now: Instant) {
        for slot in slots where !slot.retiring && slot.bornAt + settings.connectionLife < now { slot.retiring = true }
        for slot in slots where slot.retiring && !slot.leased && slot.reads == 0 && slot.reservedFor == nil {
            slots.removeAll { $0 === slot }
            actions.append(.close(slot.connection))
        }
        for slot in slots {
            if let waiter = slot.reservedFor, waiter.deadline < now {
                slot.reservedFor = nil
                actions.append(.refuse(waiter, tooLate))
            }
        }
        for (waiter, _) in leases.remove(where: { $0.waiter.deadline < now }) { actions.append(.refuse(waiter, tooLate)) }
        for (flight, _) in reads.remove(where: { $0.flight.deadline.map { $0 < now } ?? false }) {
            actions.append(.fail(flight, tooLate))
        }
    }

    /// For a read that is held up elsewhere: only a connection with nothing to do.
    mutating func idleLane(at now: Instant) -> Connection? {
        guard !isClosed, reads.isEmpty, leases.isEmpty, let slot = slots.first(where: \.isIdle) else { return nil }
        slot.headSince = now
        slot.reads += 1
        return slot.connection
    }

    /// One more connection, when there may be one.
    mutating func openOne() {
        guard !isClosed, failures == 0, opening == 0, slots.count < settings.size else { return }
        opening += 1
        actions.append(.open)
    }

    // MARK: who flies next

    /// Serves those who wait, the oldest first, as far as connections allow.
    mutating func settle(_ now: Instant) {
        for slot in slots where slot.reads == 0 && !slot.leased && slot.reservedFor != nil { grantReserved(slot) }
        var readsBlocked = reads.isEmpty
        var leasesBlocked = leases.isEmpty
        while !readsBlocked || !leasesBlocked {
            let read = readsBlocked ? nil : reads.first
            let lease = leasesBlocked ? nil : leases.first
            if let read, lease.map({ read.order < $0.order }) ?? true {
                readsBlocked = !serve(read.flight, now) || reads.isEmpty
            } else if let lease {
                leasesBlocked = !serve(lease.waiter) || leases.isEmpty
            } else {
                return openMore(now)
            }
        }
        openMore(now)
    }

    private mutating func serve(_ flight: Flight, _ now: Instant) -> Bool {
        guard let slot = lane(now) else { return false }
        reads.popFirst()
        if slot.reads == 0 { slot.headSince = now }
        slot.reads += 1
        actions.append(.fly(flight, slot.connection))
        return true
    }

    /// The emptiest of the lanes that are not held up.
    private func lane(_ now: Instant) -> Slot? {
        var best: Slot?
        var seen = 0
        let patience = UInt64(settings.patience.nanoseconds)
        for slot in slots where slot.isFree {
            if slot.reads > 0, slot.reads >= settings.readsPerLane || now.since(slot.headSince) > patience { continue }
            seen += 1
            if best.map({ slot.reads < $0.reads }) ?? true { best = slot }
            if seen == settings.lanes { break }
        }
        return best
    }

    private mutating func serve(_ waiter: LeaseWaiter) -> Bool {
        // From the end, where the lanes are not.
        if let slot = slots.last(where: \.isIdle) {
            leases.popFirst()
            slot.leased = true
            actions.append(.grant(waiter, slot.connection))
            return true
        }
        guard slots.count + opening >= settings.size, let slot = slots.filter(\.isFree).min(by: { $0.reads < $1.reads }) else {
            return false
        }
        leases.popFirst()
        slot.reservedFor = waiter
        return true
    }

    private mutating func grantReserved(_ slot: Slot) {
        guard let waiter = slot.reservedFor else { return }
        slot.reservedFor = nil
        slot.leased = true
        actions.append(.grant(waiter, slot.connection))
    }

    /// Opens connections for those who wait, and for reads while there are fewer lanes than wanted.
    private mutating func openMore(_ now: Instant) {
        guard !isClosed, failures == 0 || opening == 0 && now > nextTry else { return }
        let lanesOpen = slots.count { $0.isFree }
        let crowded = lanesOpen > 0 && lanesOpen < settings.lanes && slots.allSatisfy { !$0.isFree || $0.reads > 0 }
        var wanted = leases.count + (reads.isEmpty ? 0 : 1) + (crowded ? 1 : 0)
        if failures > 0 { wanted = min(wanted, 1) }
        while opening < wanted, slots.count + opening < settings.size {
            opening += 1
            actions.append(.open)
        }
    }

    private func slot(of connection: Connection) -> Slot? { slots.first { $0.connection === connection } }

    private var tooLate: any Error { lastFailure ?? PoolTimeout(waiting: reads.count + leases.count) }

    private mutating func refuseAll(_ error: any Error) {
        while let (flight, _) = reads.popFirst() { actions.append(.fail(flight, error)) }
        while let (waiter, _) = leases.popFirst() { actions.append(.refuse(waiter, error)) }
        for slot in slots {
            if let waiter = slot.reservedFor { actions.append(.refuse(waiter, error)) }
            slot.reservedFor = nil
        }
    }
}
