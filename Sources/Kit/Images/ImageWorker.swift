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
        // At once: the event loops that came with the program have lost their files, and would trap when they are told to end.
        defer { _exit(0) }
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

    /// A white PNG of one pixel.
    private static let warmUp: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0,
        0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0xF8, 0x0F, 0, 1, 1, 1, 0,
        0xB1, 0x38, 0xF6, 0x14, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82
    ]
}
