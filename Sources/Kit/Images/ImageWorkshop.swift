import Foundation
import Synchronization
import Threads

/// Makes photos of what strangers upload: decoded in a separate process with bounded memory and time, so that a hostile image
/// ends that process at worst. A few workers are kept warm.
public final class ImageWorkshop: Sendable {
    private enum Mode: Sendable {
        case processes(executable: String, arguments: [String])
        case here
    }

    private let mode: Mode
    private let limits: PhotoLimits
    private let time: Duration
    private let threads: BoundedThreads
    private let idle = Mutex<[WorkerProcess]>([])
    /// A worker makes way for a fresh one after that many photos, since decoders leak and fragment memory.
    private let jobsPerWorker = 200

    /// - Parameters:
    ///   - executable: absolute path of a program that runs ``ImageWorker/main(memory:seconds:)``.
    ///   - arguments: to make it do so, as in `["image-worker"]`.
    ///   - parallel: workers at once.
    ///   - waiting: photos that may queue; more get `Overloaded`.
    ///   - time: for one photo by the clock, above what the worker may compute: a busy machine is not the image's fault.
    public init(
        executable: String, arguments: [String], limits: PhotoLimits = PhotoLimits(), parallel: Int = 2, waiting: Int = 200,
        time: Duration = .seconds(15)
    ) {
        mode = .processes(executable: executable, arguments: arguments)
        self.limits = limits
        self.time = time
        threads = BoundedThreads(name: "images", count: parallel, waiting: waiting)
    }

    private init(here limits: PhotoLimits) {
        mode = .here
        self.limits = limits
        time = .seconds(60)
        threads = BoundedThreads(name: "images", count: 2, background: true)
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
            case .processes(let executable, let arguments): try prepare(bytes, executable, arguments, within: time)
            }
        }
    }

    private func prepare(
        _ bytes: [UInt8], _ executable: String, _ arguments: [String], within time: Duration
    ) throws -> PreparedPhoto {
        let worker = try idle.withLock { $0.popLast() } ?? WorkerProcess(executable, arguments)
        do {
            let photo = try worker.prepare(bytes, limits, within: time)
            keep(worker)
            return photo
        } catch let error as PhotoError {
            keep(worker)
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

    private func keep(_ worker: WorkerProcess) {
        guard worker.jobs < jobsPerWorker else { return }
        idle.withLock { $0.append(worker) }
    }
}
