import Foundation
import Images
import Testing

@Suite("HEIC from current phones", .serialized)
struct PhonePhotoTests {
    /// A HEIC of that size with something to see on it, made by libheif's own tool.
    private func heic(_ width: Int, _ height: Int) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "portico-heic-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (raw, made) = (folder.appending(path: "photo.y4m"), folder.appending(path: "photo.heic"))
        var picture = Data("YUV4MPEG2 W\(width) H\(height) F1:1 Ip C420\nFRAME\n".utf8)
        let rows = (0..<64).map { row in Data((0..<width).map { UInt8(truncatingIfNeeded: ($0 / 31 &+ row / 3) % 200 + 20) }) }
        for row in 0..<height { picture += rows[row / 8 % 64] }
        picture += Data(repeating: 120, count: width / 2 * (height / 2)) + Data(repeating: 140, count: width / 2 * (height / 2))
        try picture.write(to: raw)
        let tool = Process()
        tool.executableURL = URL(filePath: "/usr/bin/heif-enc")
        tool.arguments = ["-q", "40", "-p", "preset=ultrafast", "-o", made.path, raw.path]
        tool.standardOutput = FileHandle.nullDevice
        tool.standardError = FileHandle.nullDevice
        try tool.run()
        tool.waitUntilExit()
        try #require(tool.terminationStatus == 0)
        return [UInt8](try Data(contentsOf: made))
    }

    static let sizes = [(8064, 6048), (4032, 3024)]

    @Test("48 and 12 megapixels become photos of 2,000 pixels inside the confined worker", arguments: sizes)
    func phones(_ width: Int, _ height: Int) async throws {
        let workshop = PhotoFixture.workshop()
        let photo = try await workshop.prepare(try heic(width, height))
        #expect(photo.full.width == 2000 && photo.full.height == 1500)
        #expect(photo.thumb.width == 400 && photo.thumb.height == 300)
        // The same worker goes on with the small allowance of the other kinds.
        #expect(await PhotoFixture.outcome(try PhotoFixture.bytes("bomb.webp"), workshop) == .failure(.tooLarge))
        #expect(try await workshop.prepare(try PhotoFixture.bytes("phone.jpg")).full.width == 160)
    }

    @Test("T43 more than 50 million pixels are refused from the header, before anything is decoded")
    func beyond() async throws {
        let bytes = try heic(8200, 6200)
        let start = ContinuousClock.now
        #expect(await PhotoFixture.outcome(bytes, PhotoFixture.workshop()) == .failure(.tooLarge))
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
