import Foundation
import Threads
import Workers

/// Why a picture was not read.
public enum ReadingError: Error, Equatable, Sendable {
    /// The program, its library or its languages are missing: nobody's fault outside.
    case unavailable(String)
    /// It is no picture, or reading it took more than any picture does.
    case unreadable
    /// The time was over.
    case late
}

/// Reads the words on pictures with Tesseract, in a process of its own with bounded memory and time, one picture at a time. The process
/// is started when the first picture comes and ends when none has come for a while: what it has learnt takes tens of megabytes.
public final class TextReader: Sendable {
    public enum Kind: Int, Sendable {
        case words
        /// Numbers alone, as meters show them.
        case digits
    }

    /// What one reading may take, all waiting included.
    public static let patience = Duration.seconds(20)
    /// Longest file: what Portico keeps of a photo is far below it.
    static let mostBytes = 10 << 20

    private let pool: WorkerPool
    private let threads: BoundedThreads
    private let idle: Duration

    /// - Parameters:
    ///   - workers: programs that run ``OCRWorker/main(_:allowance:)``.
    ///   - waiting: pictures that may queue; more get `Overloaded`.
    ///   - idle: how long the process stays when there is nothing to read.
    public convenience init(workers: WorkerProgram, waiting: Int = 100, idle: Duration = .seconds(120)) {
        // One thread: others have work to do, too, and of two it would use the second mostly for waiting.
        let settings = ["OMP_THREAD_LIMIT=1", "MALLOC_ARENA_MAX=1", "VIPS_WARNING=0"]
        self.init(pool: WorkerPool(workers.with(environment: settings), jobsEach: 50), waiting: waiting, idle: idle)
    }

    init(pool: WorkerPool, waiting: Int = 100, idle: Duration = .seconds(120)) {
        self.pool = pool
        self.idle = idle
        threads = BoundedThreads(name: "ocr", count: 1, waiting: waiting)
    }

    /// - Parameter jpeg: a photo as Portico keeps it, upright.
    /// - Throws: ``ReadingError``, `Overloaded` or `CancellationError`.
    public func read(
        _ jpeg: [UInt8], _ kind: Kind = .words, before deadline: ContinuousClock.Instant = .now + patience
    ) async throws -> ReadText {
        guard jpeg.count <= Self.mostBytes else { throw ReadingError.unreadable }
        return try await ask(.read(jpeg, kind), before: deadline).text ?? ReadText()
    }

    /// The languages that it reads, as in `deu`.
    /// - Throws: ``ReadingError``, `Overloaded` or `CancellationError`.
    public func languages(before deadline: ContinuousClock.Instant = .now + patience) async throws -> [String] {
        try await ask(.languages, before: deadline).languages ?? []
    }

    private func ask(_ question: ReadingQuestion, before deadline: ContinuousClock.Instant) async throws -> ReadingAnswer {
        defer { rest() }
        let answer = try await threads.run { [pool] in try pool.answer(question, before: deadline) }
        if let failure = answer.unavailable { throw ReadingError.unavailable(failure) }
        if answer.isUnreadable { throw ReadingError.unreadable }
        return answer
    }

    /// Lets the process end if nothing comes for a while.
    private func rest() {
        Task { [weak self, idle] in
            try? await Task.sleep(for: idle)
            guard let self else { return }
            try? await threads.run { [pool] in pool.dismiss(idleFor: idle) }
        }
    }
}

extension WorkerPool {
    /// A worker that has been at rest may have been ended by the system or by a person; then a fresh one is asked, once.
    fileprivate func answer(_ question: ReadingQuestion, before deadline: ContinuousClock.Instant) throws(ReadingError)
        -> ReadingAnswer
    {
        for _ in 0..<2 {
            guard deadline > .now else { throw .late }
            let worker: WorkerProcess
            do { worker = try take() } catch { throw .unavailable(error.description) }
            do {
                try question.write(to: worker.channel, before: deadline)
                let answer = try ReadingAnswer(from: worker.channel, before: deadline)
                keep(worker)
                return answer
            } catch .late {
                throw .late
            } catch {}
        }
        throw .unreadable
    }
}
