import CPostgres

/// The arrays that libpq wants for one statement, kept so that sending allocates nothing.
struct SendScratch {
    var values: [UnsafePointer<CChar>?] = []
    var lengths: [Int32] = []
    var formats: [Int32] = []
    /// Somewhere to point at when no value of a statement has bytes.
    let nothing: UnsafeMutableRawPointer
}

/// Everything here happens behind the gate.
extension Connection {
    func sendBacklog() {
        while failure == nil, pg != nil, let flight = backlog.first {
            if flight.isUnwanted {
                backlog.popFirst()
                refuse(flight, CancellationError())
            } else if let refusal = flight.statements.lazy.compactMap(\.binds.refusal).first {
                backlog.popFirst()
                refuse(flight, DatabaseError.misuse(refusal))
            } else if waitsForPreparation(flight) {
                return
            } else {
                backlog.popFirst()
                launch(flight)
            }
        }
    }

    /// Answers a flight that never left. Its connection's transaction stands where it stood.
    private func refuse(_ flight: Flight, _ error: any Error) {
        let passage = Passage(flight)
        passage.error = error
        passage.standing = standing
        finished.append(passage)
        signal.raise()
    }

    var standing: Flight.Standing {
        switch PQtransactionStatus(pg) {
        case PQTRANS_IDLE: .idle
        case PQTRANS_INTRANS, PQTRANS_ACTIVE: .inTransaction
        case PQTRANS_INERROR: .failed
        default: .lost
        }
    }

    /// A statement that another flight is preparing may yet fail to be prepared; that is known one round trip later.
    private func waitsForPreparation(_ flight: Flight) -> Bool {
        guard !inAir.isEmpty else { return false }
        return flight.statements.contains { statements.find($0)?.isPending == true }
    }

    private func launch(_ flight: Flight) {
        deallocateOldest()
        let now = Instant.now
        if inAir.isEmpty { progressAt = now }
        let passage = Passage(flight)
        inAir.append(passage)
        for sql in flight.statements where failure == nil { launch(sql, of: passage) }
        sync(passage)
    }

    private func launch(_ sql: SQL, of passage: Passage) {
        let statement: Statement
        if let known = statements.find(sql) {
            statement = known
        } else {
            statement = statements.add(sql)
            let count = Int32(statement.types.count)
            guard PQsendPrepare(pg, statement.name, sql.text, count, statement.types) == 1 else { return broken() }
            expected.append(.prepared(passage, statement))
        }
        guard sendPrepared(statement, sql.binds) else { return broken() }
        expected.append(.answer(passage, statement))
    }

    private func sendPrepared(_ statement: Statement, _ binds: Binds) -> Bool {
        scratch.values.removeAll(keepingCapacity: true)
        scratch.lengths.removeAll(keepingCapacity: true)
        while scratch.formats.count < binds.count { scratch.formats.append(1) }
        return binds.bytes.withUnsafeBytes { buffer in
            for slot in binds.slots {
                // A pointer that is nil means NULL; an empty value needs one that is not.
                let place = buffer.baseAddress.map { $0 + Int(slot.offset) } ?? UnsafeRawPointer(scratch.nothing)
                scratch.values.append(slot.length < 0 ? nil : place.assumingMemoryBound(to: CChar.self))
                scratch.lengths.append(max(0, slot.length))
            }
            return PQsendQueryPrepared(
                pg, statement.name, Int32(binds.count), scratch.values, scratch.lengths, scratch.formats, 1) == 1
        }
    }

    private func sync(_ passage: Passage?) {
        guard failure == nil else { return }
        guard PQpipelineSync(pg) == 1 else { return broken() }
        expected.append(.sync(passage))
        flush()
    }

    func flush() {
        guard failure == nil, let pg else { return }
        switch PQflush(pg) {
        case 0: needsFlush = false
        case 1: needsFlush = true
        default: broken()
        }
    }

    func broken() {
        failure = failure ?? .connection(lastMessage)
    }

    /// Between transactions only: inside one that fails, the names would stay behind.
    private func deallocateOldest() {
        guard inAir.isEmpty, standing == .idle else { return }
        let old = statements.evict()
        guard !old.isEmpty else { return }
        for statement in old where failure == nil {
            guard PQsendQueryParams(pg, "deallocate \(statement.name)", 0, nil, nil, nil, nil, 0) == 1 else { return broken() }
            expected.append(.deallocated)
        }
        sync(nil)
    }
}
