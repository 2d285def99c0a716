import CPostgres

extension Connection {
    /// Connects without blocking for longer than the time limit, then checks the server's version and enters pipeline mode.
    func open() throws(DatabaseError) {
        let deadline = Instant.now + settings.connectTimeout
        pg = settings.withKeywords { PQconnectStartParams($0, $1, 1) }
        guard let pg else { throw .connection("out of memory") }
        guard PQstatus(pg) != CONNECTION_BAD else { throw .connection(lastMessage) }
        // Notices would otherwise be printed to standard error.
        PQsetNoticeProcessor(pg, { _, _ in }, nil)
        try handshake(until: deadline)
        try ServerVersion.check(PQserverVersion(pg))
        guard PQsetnonblocking(pg, 1) == 0, PQenterPipelineMode(pg) == 1 else { throw .connection(lastMessage) }
        canceller = Canceller(pg)
    }

    private func handshake(until deadline: Instant) throws(DatabaseError) {
        var wants = PGRES_POLLING_WRITING
        while true {
            guard Instant.now < deadline else { throw .connection("no answer from Postgres within \(settings.connectTimeout)") }
            _ = signal.wait(
                socket: PQsocket(pg), forReading: wants == PGRES_POLLING_READING, forWriting: wants == PGRES_POLLING_WRITING,
                milliseconds: 250)
            // Which of the two it was does not matter: libpq looks for itself, and a wait that timed out is asked again.
            wants = PQconnectPoll(pg)
            if wants == PGRES_POLLING_OK { return }
            if wants == PGRES_POLLING_FAILED { throw .connection(lastMessage) }
        }
    }

    var lastMessage: String {
        guard let pg, let text = PQerrorMessage(pg) else { return "the connection was lost" }
        let message = String(cString: text)
        return message.split(separator: "\n").first.map(String.init) ?? "the connection was lost"
    }
}

/// Which servers are safe to talk to.
enum ServerVersion {
    /// Below these minors planner statistics leak rows across the wall (CVE-2025-8713), and dumps can run code (CVE-2025-8714).
    private static let oldest = [15: 14, 16: 10, 17: 6]

    static func check(_ version: Int32) throws(DatabaseError) {
        let (major, minor) = (Int(version) / 10_000, Int(version) % 10_000)
        if major >= 18 { return }
        if let least = oldest[major], minor >= least { return }
        throw DatabaseError(
            .misuse, "Postgres \(major).\(minor) is too old: 15.14, 16.10, 17.6 or later is needed (CVE-2025-8713)")
    }
}
