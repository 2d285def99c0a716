import Foundation
import Workers

/// The worker process: takes files from its standard input, a socket, and answers with finished photos. It holds no secrets,
/// opens no files, and may be killed at any moment by a hostile image; the web process starts another.
public enum ImageWorker {
    /// Runs until the other side closes.
    /// - Parameters:
    ///   - usual: bytes it may use beyond what it has after its start, and seconds of processor time for one photo; the system
    ///     ends the process after that.
    ///   - heif: the same for HEIC. Its decoder holds the whole photo, first as it was coded, then in colours: 300 to 350 MiB for the
    ///     48 megapixels of a current phone (measured 25 Nov 2026), more with ten bits a colour; the decoders of the other kinds go
    ///     through a photo line by line.
    public static func main(
        usual: Allowance = Allowance(memory: 256 << 20, seconds: 5), heif: Allowance = Allowance(memory: 640 << 20, seconds: 15)
    ) {
        let channel = Channel.toServer
        // Loads libvips' own modules before the limits hold.
        _ = try? PhotoDecoder.prepare(warmUp, PhotoLimits())
        let confinement = Confinement(most: max(usual.memory, heif.memory))
        while let head = try? channel.read(WorkerFrame.requestNumbers * 4, before: .now + .seconds(86_400 * 365)) {
            let numbers = Frame.numbers(from: head)
            let limits = WorkerFrame.limits(numbers)
            guard let count = numbers.first, count <= limits.bytes,
                let bytes = try? channel.read(count, before: .now + .seconds(60))
            else { return }
            confinement.grant((try? ImageHeader(bytes))?.kind == .heif ? heif : usual)
            let result = Result { () throws(PhotoError) in try PhotoDecoder.prepare(bytes, limits) }
            guard (try? channel.write(WorkerFrame.reply(result), before: .now + .seconds(60))) != nil else { return }
        }
    }

    /// What one photo may take.
    public struct Allowance: Sendable {
        let memory: Int
        let seconds: Int

        public init(memory: Int, seconds: Int) {
            (self.memory, self.seconds) = (memory, seconds)
        }
    }

    /// A white PNG of one pixel.
    private static let warmUp: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0,
        0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0xF8, 0x0F, 0, 1, 1, 1, 0,
        0xB1, 0x38, 0xF6, 0x14, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82
    ]
}

/// What the system enforces on the worker.
struct Confinement {
    /// Bytes before the first photo.
    private let used: Int?

    /// - Parameter most: bytes that no photo may go beyond.
    init(most: Int) {
        // Files that the web process had open when it started this one.
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in open.compactMap({ Int32($0) }) where descriptor > 2 { close(descriptor) }
        // Writable memory, not address space: libraries and unused stack are not what a hostile image takes.
        used = Self.writableMemory()
        if let used { Self.limit(RLIMIT_DATA, soft: used + most, hard: used + most) }
        Self.limit(RLIMIT_CORE, soft: 0, hard: 0)
        Self.limit(RLIMIT_FSIZE, soft: 0, hard: 0)
    }

    /// From now on.
    func grant(_ allowance: ImageWorker.Allowance) {
        if let used { Self.limit(RLIMIT_DATA, soft: used + allowance.memory, hard: nil) }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        // The limit counts whole seconds since the process began.
        Self.limit(RLIMIT_CPU, soft: usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + allowance.seconds + 1, hard: nil)
    }

    private static func limit(_ resource: __rlimit_resource, soft: Int, hard: Int?) {
        var limits = rlimit()
        let resource = __rlimit_resource_t(resource.rawValue)
        getrlimit(resource, &limits)
        limits.rlim_cur = min(rlim_t(clamping: soft), limits.rlim_max)
        if let hard { limits.rlim_max = min(rlim_t(clamping: hard), limits.rlim_max) }
        setrlimit(resource, &limits)
    }

    /// VmData of /proc/self/status, in bytes.
    private static func writableMemory() -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmData:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
}
