import Arrival

/// What the link in an offer's mail carries; only its hash is stored.
enum Token {
    /// Nil when it cannot be one of ours.
    static func hash(_ presented: String?) -> [UInt8]? {
        presented.flatMap(InvitationCode.init(presented:))?.hash
    }
}
