import Database
import Forms
import Foundation
import Images
import Operations
import Storage
import UI
import Web

/// A ballot that came on paper: for whom, what it says, and the paper itself.
struct PaperDraft: Sendable {
    let voter: UUID
    let answers: [[Int]]
    let scan: Upload?
    let receipt: Receipt

    init(_ form: inout FormReader, _ questions: [QuestionLine]) {
        voter = form.uuid("voter_id")
        receipt = BallotDraft.code("receipt", &form) ?? Receipt()
        answers = BallotDraft.answers(&form, questions)
        scan = form.files("scan", min: 1, max: 1).first
    }
}

/// A scan that is stored, or on its way, and waits for its row.
struct StoredScan: Sendable {
    let object: KeptObject
    let type: String
}

/// Entering what came on paper. Not in a secret vote: a scan says who voted what.
extension VoteRoutes {
    @Sendable func composePaper(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id("vote")
        let page = try await paperPage(id, FormValues(), [], context)
        return .page(page)
    }

    private func paperPage(_ id: UUID, _ values: FormValues, _ problems: [FieldProblem], _ context: MemberContext) async throws
        -> PaperPage
    {
        let (tenant, viewer) = (context.tenant.id, VoteViewer(context))
        let (vote, questions, waiting) = try await context.read(
            Vote.find(id, viewer), QuestionLine.of(id, tenant),
            VoterLine.page(id, tenant, .first, size: 2000, only: VoterLine.takesPaper(on: viewer.today)))
        try mayComeOnPaper(vote, context)
        return PaperPage(vote, questions, waiting, values, problems, context)
    }

    private func mayComeOnPaper(_ vote: Vote, _ context: MemberContext) throws {
        guard !vote.isSecret else { throw Failure.voteIsSecret }
        guard vote.state(at: context.now) == .open else { throw Failure.voteNotOpen }
    }

    @Sendable func enterPaper(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (id, tenant) = (try incoming.id("vote"), context.tenant.id)
        let (vote, questions) = try await context.read(Vote.find(id, VoteViewer(context)), QuestionLine.of(id, tenant))
        try mayComeOnPaper(vote, context)
        do {
            let draft = try incoming.submission.read { PaperDraft(&$0, questions) }
            let scan = try await stored(draft.scan, tenant)
            do {
                let cast = try await context.write { tx in try await enter(draft, scan, vote, tx, context) }
                // The paper is there already.
                if cast.isRepeated { await store.discard([scan.object]) }
                let t = VotesMessages(context.language).done
                let json = BallotJSON([cast])
                return try context.face == .page
                    ? .done(json, at: "\(vote.path)/paper", flash: Flash(t.entered(place: cast.place.place)))
                    : .created(json, at: vote.path)
            } catch {
                await store.discard([scan.object], after: error)
                throw error
            }
        } catch let errors as FormErrors {
            let page = try await paperPage(id, incoming.values, errors.problems, context)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where failure.code == Failure.alreadyVoted.code || failure.code == Failure.receiptUsed.code
        {
            let page = try await paperPage(id, incoming.values, [FieldProblem("", .own(failure.code))], context)
            return .failed(page: { page }, failure)
        }
    }

    private func enter(_ draft: PaperDraft, _ scan: StoredScan, _ vote: Vote, _ tx: Tx, _ context: MemberContext) async throws
        -> CastBallot
    {
        let tenant = context.tenant.id
        let (_, places) = try await tx.batch(
            Ledger(vote: vote.id, tenant: tenant).lock,
            BallotPlace.onPaper(draft.voter, vote.id, tenant, on: VoteViewer(context).today))
        let id = UUID.v7(now: context.now)
        let cast = try await Casting(tx: tx, vote: vote, sealer: context.house.sealer).cast(
            draft.answers, for: places, draft.receipt, by: context.memberID, on: .paper, scan: id)
        guard let cast = cast.first else { throw Failure.notFound }
        if cast.isRepeated { return cast }
        try tx.keep(scan.object)
        try await tx.execute(
            """
            insert into app.vote_scan(tenant_id, id, vote_id, voter_id, object_key, type, added_by, added_at)
            values (\(tenant), \(id), \(vote.id), \(draft.voter), \(scan.object.key), \(scan.type), \(context.memberID), \(context.now))
            """)
        return cast
    }

    /// A picture is kept like any photo, upright and without a word about where it was taken; a PDF as it is, and only ever as a
    /// download.
    private func stored(_ upload: Upload?, _ tenant: Int32) async throws -> StoredScan {
        guard let upload else { throw FormErrors([FieldProblem("scan", .required)]) }
        let bytes = try await upload.bytes()
        if bytes.starts(with: Array("%PDF-".utf8)) {
            guard bytes.suffix(2_048).contains(subsequence: Array("%%EOF".utf8)) else {
                throw FormErrors([FieldProblem("scan", .fileDamaged)])
            }
            return StoredScan(object: try await store.keep(bytes, tenant: tenant), type: "application/pdf")
        }
        do {
            let photo = try await images.prepare(bytes)
            return StoredScan(object: try await store.keep(photo.full.bytes, tenant: tenant), type: PreparedPhoto.contentType)
        } catch let error as PhotoError {
            throw Self.refusal(error)
        }
    }

    private static func refusal(_ error: PhotoError) -> any Error {
        switch error {
        case .notAnImage: FormErrors([FieldProblem("scan", .own("no_scan"))])
        case .tooLarge: FormErrors([FieldProblem("scan", .imageTooLarge)])
        case .damaged: FormErrors([FieldProblem("scan", .fileDamaged)])
        case .unavailable:
            Failure(.serviceUnavailable, "images_unavailable", "Pictures cannot be read right now; try again later")
        }
    }

    @Sendable func scan(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (vote, id, tenant) = (try incoming.id("vote"), try incoming.id("scan"), context.tenant.id)
        let key: SQL = "select object_key from app.vote_scan where tenant_id = \(tenant) and vote_id = \(vote) and id = \(id)"
        let (_, scan, waiting) = try await context.read(
            Vote.find(vote, VoteViewer(context)), ScanLine.find(id, vote, tenant), BlobSpool.bytes(of: key, tenant))
        var bytes = waiting
        if bytes == nil { bytes = try await read(scan.key) }
        let isPDF = scan.type == "application/pdf"
        return .file(FileReply(.bytes(bytes ?? []), type: scan.type, filename: isPDF ? "ballot.pdf" : nil))
    }

    private func read(_ key: String) async throws -> [UInt8] {
        do {
            return try await store.get(key)
        } catch StorageError.unavailable {
            throw Failure(.serviceUnavailable, "storage_unavailable", "The scan cannot be shown right now; try again later")
        }
    }
}

struct ScanLine: Record, Sendable {
    let key: String
    let type: String

    init(row: Row) throws {
        key = try row["object_key"]
        type = try row["type"]
    }

    static func find(_ id: UUID, _ vote: UUID, _ tenant: Int32) -> Query<ScanLine> {
        .one("select object_key, type from app.vote_scan where tenant_id = \(tenant) and vote_id = \(vote) and id = \(id)")
    }
}

extension Collection<UInt8> {
    fileprivate func contains(subsequence wanted: [UInt8]) -> Bool {
        var rest = self[...]
        while rest.count >= wanted.count {
            if rest.starts(with: wanted) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
