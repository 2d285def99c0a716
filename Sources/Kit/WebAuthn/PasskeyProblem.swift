/// Why a passkey was not taken. For the log and for tests: whoever showed it gets one answer for all of them.
public enum PasskeyProblem: String, Error, Sendable {
    /// Not what the specification says it looks like.
    case malformed
    /// Signed for something else than what was asked, or for a challenge that is none of ours.
    case challenge
    /// Made for another site, or inside another one's frame.
    case origin
    /// Nobody touched it, or it did not check who holds it.
    case unverified
    /// A kind of key that we do not take.
    case key
    case signature
    /// It says of itself what it cannot have become since it was made.
    case changed
    /// The counter went back: there may be a copy.
    case counter
}
