import CPostgres
import Foundation

/// Everything here happens behind the gate.
extension Connection {
    /// Reads what has come and gives the answers to their flights.
    func receive() {
        guard failure == nil, let pg else { return }
        let intact = PQconsumeInput(pg) == 1
        var sawEnd = false
        while !expected.isEmpty, PQisBusy(pg) == 0 {
            guard let result = PQgetResult(pg) else {
                // One nil ends each statement; a second in a row would be the end of everything.
                if sawEnd { break }
                sawEnd = true
                continue
            }
            sawEnd = false
            take(result)
            if failure != nil { return }
        }
        if !intact || PQstatus(pg) == CONNECTION_BAD { broken() }
        discardNotifications()
    }

    private func take(_ result: OpaquePointer) {
        guard let next = expected.first else { return PQclear(result) }
        let status = PQresultStatus(result)
        if status == PGRES_FATAL_ERROR, PQstatus(pg) == CONNECTION_BAD || isFarewell(result) {
            failure = .connection(DatabaseError(result: result, statement: nil).message)
            return PQclear(result)
        }
        progressAt = Instant.now
        expected.popFirst()
        switch next {
        case .prepared(let passage, let statement):
            confirm(statement, of: passage, status, result)
            PQclear(result)
        case .answer(let passage, let statement): accept(result, status, passage, statement)
        case .deallocated: PQclear(result)
        case .sync(let passage):
            PQclear(result)
            guard status == PGRES_PIPELINE_SYNC else {
                failure = .connection("the pipeline is out of step")
                return
            }
            if let passage { land(passage) }
        }
    }

    /// The last words of a backend that is being ended: administrator, crash, shutdown, or cannot connect now.
    private func isFarewell(_ result: OpaquePointer) -> Bool {
        guard let state = PQresultErrorField(result, 67) else { return false }
        return ["57P01", "57P02", "57P03", "57P05", "25P03"].contains(String(cString: state))
    }

    private func confirm(_ statement: Statement, of passage: Passage, _ status: ExecStatusType, _ result: OpaquePointer) {
        statement.isPending = false
        guard status != PGRES_COMMAND_OK else { return }
        statements.remove(statement)
        if status == PGRES_FATAL_ERROR { note(result, passage, statement) }
    }

    private func accept(_ result: OpaquePointer, _ status: ExecStatusType, _ passage: Passage, _ statement: Statement) {
        switch status {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
            if passage.flight.isRead, status == PGRES_COMMAND_OK, opensTransaction(result) {
                failure = .connection("a read began a transaction")
            }
            guard !passage.isVoid, passage.error == nil else { return PQclear(result) }
            let columns = statement.columns ?? Columns(result)
            statement.columns = columns
            passage.results.append(ResultSet(result, columns: columns))
        case PGRES_FATAL_ERROR:
            note(result, passage, statement)
            PQclear(result)
        default:
            // Not run, because an earlier statement of the flight failed.
            PQclear(result)
        }
    }

    /// A read is a transaction of its own; one that BEGAN another would carry its ticket on into the next flight.
    private func opensTransaction(_ result: OpaquePointer) -> Bool {
        guard let tag = PQcmdStatus(result) else { return false }
        return strcmp(tag, "BEGIN") == 0 || strcmp(tag, "START TRANSACTION") == 0
    }

    private func note(_ result: OpaquePointer, _ passage: Passage, _ statement: Statement) {
        let error = DatabaseError(result: result, statement: statement.text)
        // A plan that no longer fits the table, or a name that is not there: prepare afresh next time.
        if error.sqlState == "0A000" || error.sqlState == "26000" { statements.remove(statement) }
        if passage.error == nil { passage.error = error }
    }

    private func land(_ passage: Passage) {
        inAir.popFirst()
        cancelAskedAt = nil
        let flight = passage.flight
        // libpq tells only when nothing else is in the air, which is always so for a flight within a transaction.
        passage.standing = inAir.isEmpty ? standing : .idle
        if flight.isRead, passage.standing != .idle { failure = .connection("a read left its transaction open") }
        if passage.isVoid {
            // Only counted.
        } else if deservesAnother(passage) {
            passage.isVoid = true
            again.append(flight)
        } else if flight.isCancelled, (passage.error as? DatabaseError)?.sqlState == "57014" {
            passage.error = CancellationError()
        } else if passage.error == nil, passage.results.count != flight.statements.count {
            passage.error = DatabaseError.connection("Postgres did not answer every statement")
        }
        finished.append(passage)
    }

    /// A read that failed for no fault of its own: hit by the cancellation of its neighbour, or by a plan that had gone stale.
    private func deservesAnother(_ passage: Passage) -> Bool {
        guard passage.flight.mayRepeat, passage.flight.repeats < 3, let error = passage.error as? DatabaseError else {
            return false
        }
        return error.sqlState == "0A000" && error.message.contains("cached plan") || error.sqlState == "26000"
            || error.wasCancelledForAnother
    }

    private func discardNotifications() {
        while let notification = PQnotifies(pg) { PQfreemem(notification) }
    }
}

extension DatabaseError {
    /// 57014 stands for a cancellation as well as for a timeout; the timeout says so.
    var wasCancelledForAnother: Bool { sqlState == "57014" && !message.contains("timeout") }
}
