import Foundation
import Images
import Testing
import Workers

@Suite struct HostilePhotoTests {
    @Test("T43 a PNG of 65,535² pixels in 100 bytes, too many pixels or too long sides are refused from the header")
    func bombs() async throws {
        // Nothing is started for these.
        let workshop = ImageWorkshop(workers: WorkerProgram(executable: "/nowhere", arguments: []))
        let start: [UInt8] = [0xFF, 0xD8]
        let frame: [UInt8] = [0xFF, 0xC0, 0, 17, 8, 0xFF, 0xFF, 0xFF, 0xFF, 3]
        let webp =
            Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 0xFE, 0xFF, 0, 0xFE, 0xFF, 0]
        let bombs = [
            PhotoFixture.png(65_535, 65_535), PhotoFixture.png(12_001, 1), PhotoFixture.png(7_072, 7_071),
            PhotoFixture.png(1 << 31, 1 << 31),
            start + frame, webp
        ]
        #expect(bombs[0].count <= 100)
        for bomb in bombs {
            #expect(await PhotoFixture.outcome(bomb, workshop) == .failure(.tooLarge))
        }
        let largest = Array(repeating: UInt8(0xFF), count: (10 << 20) + 1)
        #expect(await PhotoFixture.outcome(largest, workshop) == .failure(.tooLarge))
    }

    @Test("T43 the limit is exact: 7,071 × 7,071 goes on to the decoder, no pixels at all do not")
    func limit() async {
        let workshop = PhotoFixture.workshop()
        #expect(await PhotoFixture.outcome(PhotoFixture.png(7071, 7071), workshop) == .failure(.damaged))
        #expect(await PhotoFixture.outcome(PhotoFixture.png(0, 5), workshop) == .failure(.damaged))
    }

    @Test("T43 an APNG with 10,000 frames, a colour profile of 5 MB, JPEG markers to the size limit")
    func floods() async throws {
        let workshop = PhotoFixture.workshop()
        let frames = (0..<10_000).flatMap { PhotoFixture.chunk("fcTL", PhotoFixture.big($0) + Array(repeating: 0, count: 22)) }
        let apng = PhotoFixture.png(
            64, 64, then: PhotoFixture.chunk("acTL", PhotoFixture.big(10_000) + PhotoFixture.big(0)) + frames)
        let profile = PhotoFixture.png(64, 64, then: PhotoFixture.chunk("iCCP", Array(repeating: 0x41, count: 5 << 20)))
        let marker: [UInt8] = [0xFF, 0xE1, 0, 4, 0, 0]
        var markers: [UInt8] = [0xFF, 0xD8]
        for _ in 0..<((10 << 20) / 6 - 1) { markers += marker }
        for flood in [apng, profile, markers] {
            let time = ContinuousClock.now
            #expect(await PhotoFixture.outcome(flood, workshop) == .failure(.damaged))
            #expect(ContinuousClock.now - time < .seconds(15))
        }
    }

    @Test("T43 a decoder that takes too much memory ends its worker, and the next photo is made by a fresh one")
    func memory() async throws {
        let workshop = PhotoFixture.workshop()
        // 50 million grey pixels in a few hundred bytes: within the limits of size, beyond 256 MiB when decoded.
        #expect(await PhotoFixture.outcome(try PhotoFixture.bytes("bomb.webp"), workshop) == .failure(.tooLarge))
        #expect(try await workshop.prepare(try PhotoFixture.bytes("phone.jpg")).full.width == 160)
    }

    @Test("T43 a worker that is late is ended, and the next photo is made by a fresh one")
    func late() async throws {
        let hurried = ImageWorkshop(
            workers: WorkerProgram(executable: PhotoFixture.executable, arguments: ["image-worker"]), parallel: 1,
            time: .milliseconds(1))
        #expect(await PhotoFixture.outcome(try PhotoFixture.bytes("phone.jpg"), hurried) == .failure(.tooLarge))
        #expect(await PhotoFixture.outcome(try PhotoFixture.bytes("phone.jpg"), hurried) == .failure(.tooLarge))
    }

    static let kinds = ["phone.jpg", "phone.heic", "transparent.png", "still.webp"]

    @Test("T43 500 mutants of good photos: each is a photo or refused, and the workshop lives", arguments: kinds)
    func mutants(_ name: String) async throws {
        let workshop = PhotoFixture.workshop()
        let seed = try PhotoFixture.bytes(name)
        var random = SeededRandom(state: UInt64(seed.count))
        for _ in 0..<125 {
            let outcome = await PhotoFixture.outcome(
                random.mutated(seed, with: [[0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xC0]]), workshop)
            switch outcome {
            case .success(let photo): #expect(photo.full.width <= 2000 && photo.full.height <= 2000)
            case .failure(.unavailable(let why)): Issue.record("\(why)")
            case .failure: break
            }
        }
        #expect(try await workshop.prepare(seed).full.bytes.starts(with: [0xFF, 0xD8]))
    }
}
