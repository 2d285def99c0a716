/// One flight on one connection. A read that is moved to another connection leaves its passage behind, whose answer nobody wants
/// any more. Touched behind the connection's gate only.
final class Passage {
    let flight: Flight
    var results: [ResultSet] = []
    var error: (any Error)?
    var standing = Flight.Standing.idle
    /// Flies on elsewhere, or was given up: what still comes is dropped.
    var isVoid = false

    init(_ flight: Flight) {
        self.flight = flight
        results.reserveCapacity(flight.statements.count)
    }

    /// Gives the answer to whoever waits for it.
    func deliver() {
        guard !isVoid else { return }
        flight.land(results, error, standing)
    }
}
