import Web

extension Permission {
    /// Votes that concern one, and a ballot in them: whether there is one, owning a unit decides, or being lent its voice.
    package static let seeVotes = Permission("votes:see", within: "votes:see_all")
    package static let seeAllVotes = Permission("votes:see_all")
    /// Call, extend and cancel votes, enter paper ballots, read register and ledger.
    package static let manageVotes = Permission("votes:manage")

    package static let votes: [Permission] = [.seeVotes, .seeAllVotes, .manageVotes]
}
