import Announcements
import Arrival
import Database
import Delegation
import Faults
import Identity
import Jobs
import Messaging
import Notifications
import Platform
import Property
import Setup
import Votes

extension Subscriptions {
    /// "When this happens, do that": the jobs are enqueued in the event's own transaction.
    static var all: Subscriptions {
        var all = Subscriptions()
        all.when(FaultReported.self) { FaultJobs.tell($0, $1) }
        all.when(FaultAssigned.self) { FaultJobs.tell($0, $1) }
        all.when(FaultResolved.self) { FaultJobs.tell($0, $1) }
        all.when(FaultStatusChanged.self) { FaultJobs.tell($0, $1) }
        all.when(FaultCommented.self) { FaultJobs.tell($0, $1) }
        all.when(FaultMerged.self) { FaultJobs.tell($0, $1) }
        all.when(MessageReported.self) { MessageJobs.tell($0, $1) }
        all.when(VoteCreated.self) { VoteJobs.tell($0, $1) }
        all.when(VoteExtended.self) { VoteJobs.tell($0, $1) }
        all.when(VoteClosed.self) { VoteJobs.tell($0, $1) }
        all.when(VoteCancelled.self) { VoteJobs.tell($0, $1) }
        all.when(BallotCast.self) { VoteJobs.tell($0, $1) }
        all.when(AnnouncementPublished.self) { AnnouncementJobs.tell($0, $1) }
        all.when(AnnouncementWithdrawn.self) { AnnouncementJobs.settle($0, $1) }
        all.when(OccupancyChanged.self) { DelegationJobs.follow($0, $1) }
        all.when(SessionReused.self) { SignInNotices.tell($0, $1) }
        all.when(RolesChanged.self) { SignInNotices.tell($0, $1) }
        all.when(SignInsEnded.self) { SignInNotices.tell($0, $1) }
        all.when(SignedOut.self) { PushJobs.follow($0, $1) }
        all.when(OtherSignInsClosed.self) { PushJobs.follow($0, $1) }
        all.when(SupportSignedOut.self) { SupportJobs.follow($0, $1) }
        all.when(ConfigurationPublished.self) { ConfigurationJobs.place($0, $1) }
        all.when(FactorChanged.self) { ArrivalJobs.tell($0, $1) }
        all.when(IdentityChanged.self) { ArrivalJobs.tell($0, $1) }
        all.when(NewDeviceUsed.self) { ArrivalJobs.tell($0, $1) }
        return all
    }
}
