import Foundation
import Images
import Workers

/// Small photos for the tests; made with ImageMagick and exiftool, with "CNRY" in every kind of metadata.
enum PhotoFixture {
    static func bytes(_ name: String, file: String = #filePath) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures")
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// The server's own program, which stands beside the test program.
    static let executable: String = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("portico").path
    }()

    /// Decodes in worker processes, as the server does.
    static func workshop(limits: PhotoLimits = PhotoLimits()) -> ImageWorkshop {
        ImageWorkshop(workers: WorkerProgram(executable: executable, arguments: ["image-worker"]), limits: limits)
    }

    static func outcome(_ bytes: [UInt8], _ workshop: ImageWorkshop) async -> Result<PreparedPhoto, PhotoError> {
        do {
            return .success(try await workshop.prepare(bytes))
        } catch let error as PhotoError {
            return .failure(error)
        } catch {
            return .failure(.unavailable("\(error)"))
        }
    }

    static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        Data(bytes).range(of: Data(text.utf8)) != nil
    }

    static func big(_ number: Int) -> [UInt8] { withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) } }

    /// A PNG chunk; its checksum is zero, which readers of the header do not look at.
    static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        big(content.count) + Array(name.utf8) + content + [0, 0, 0, 0]
    }

    static func png(_ width: Int, _ height: Int, then chunks: [UInt8] = []) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", big(width) + big(height) + [8, 2, 0, 0, 0]) + chunks
            + chunk("IDAT", [0x78, 0x9C]) + chunk("IEND", [])
    }
}
