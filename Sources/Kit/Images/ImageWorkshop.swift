import Foundation
import Threads
import Workers

/// Makes photos of what strangers upload: decoded in a separate process with bounded memory and time, so that a hostile image
/// ends that process at worst. A few workers are kept warm.
public final class ImageWorkshop: Sendable {
    private enum Mode: Sendable {
        case processes(WorkerPool)
        case here
    }

    private let mode: Mode
    private let limits: PhotoLimits
    private let time: Duration
    private let threads: BoundedThreads

    /// - Parameters:
    ///   - workers: programs that run ``ImageWorker/main(usual:heif:)``.
    ///   - parallel: workers at once.
    ///   - waiting: photos that may queue; more get `Overloaded`.
    ///   - time: for one photo by the clock, above what the worker may compute: a busy machine is not the image's fault.
    public init(
        workers: WorkerProgram, limits: PhotoLimits = PhotoLimits(), parallel: Int = 2, waiting: Int = 200,
        time: Duration = .seconds(15)
    ) {
        // One heap for all threads: what one decoder frees, the next can use, within the worker's little memory.
        // Nor does libvips put large images into temporary files, which the worker may not write.
        let settings = ["MALLOC_ARENA_MAX=1", "VIPS_DISC_THRESHOLD=4g", "VIPS_WARNING=0"]
        mode = .processes(WorkerPool(workers.with(environment: settings)))
        self.limits = limits
        self.time = time
        threads = BoundedThreads(name: "images", count: parallel, waiting: waiting)
    }

    private init(here limits: PhotoLimits) {
        mode = .here
        self.limits = limits
        time = .seconds(60)
        threads = BoundedThreads(name: "images", count: 2)
    }

    /// Decodes in this process: for tests and for photos that the program drew itself, never for uploads.
    public static func inProcess(limits: PhotoLimits = PhotoLimits()) -> ImageWorkshop {
        ImageWorkshop(here: limits)
    }

    /// The photo, upright, in sRGB, at most 2,000 pixels long, and its thumbnail; nothing else of the file remains.
    /// - Throws: ``PhotoError``, or `Overloaded`.
    public func prepare(_ bytes: [UInt8]) async throws -> PreparedPhoto {
        guard bytes.count <= limits.bytes else { throw PhotoError.tooLarge }
        let header = try ImageHeader(bytes)
        try header.check(limits)
        // HEIC is decoded in one piece, which takes the longer.
        let time = header.kind == .heif ? time * 2 : time
        return try await threads.run { [self] in
            switch mode {
            case .here: try PhotoDecoder.prepare(bytes, limits)
            case .processes(let pool): try prepare(bytes, pool, within: time)
            }
        }
    }

    private func prepare(_ bytes: [UInt8], _ pool: WorkerPool, within time: Duration) throws -> PreparedPhoto {
        let worker: WorkerProcess
        do { worker = try pool.take() } catch { throw PhotoError.unavailable(error.description) }
        do {
            let photo = try worker.prepare(bytes, limits, within: time)
            pool.keep(worker)
            return photo
        } catch let error as PhotoError {
            pool.keep(worker)
            throw error
        } catch Channel.Failure.late {
            throw PhotoError.tooLarge
        } catch {
            throw Self.cause(worker.end())
        }
    }

    /// What a worker's death says about the image. Out of time the system sends SIGXCPU; out of memory libraries abort.
    private static func cause(_ signal: Int32?) -> PhotoError {
        switch signal {
        case SIGXCPU, SIGXFSZ, SIGABRT, SIGTRAP, SIGILL: .tooLarge
        default: .damaged
        }
    }
}

extension WorkerProcess {
    /// - Throws: a ``PhotoError`` that the worker answered, or `Channel.Failure` when it died or is late: then it is done for.
    fileprivate func prepare(_ bytes: [UInt8], _ limits: PhotoLimits, within time: Duration) throws -> PreparedPhoto {
        let deadline = ContinuousClock.now + time
        try channel.write(WorkerFrame.request(bytes, limits), before: deadline)
        let head = Frame.numbers(from: try channel.read(WorkerFrame.replyNumbers * 4, before: deadline))
        guard head.count == WorkerFrame.replyNumbers else { throw Channel.Failure.closed }
        guard head[0] == 0 else { throw WorkerFrame.error(head[0]) }
        // It has decoded a stranger's file: what it says is a stranger's word too.
        guard head[3] <= 32 << 20, head[6] <= 4 << 20 else { throw Channel.Failure.closed }
        let full = try channel.read(head[3], before: deadline)
        let thumb = try channel.read(head[6], before: deadline)
        return PreparedPhoto(
            full: .init(bytes: full, width: head[1], height: head[2]), thumb: .init(bytes: thumb, width: head[4], height: head[5])
        )
    }
}
