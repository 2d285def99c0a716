import Foundation
import Images
import Testing
import Workers

@testable import portico

@Suite struct PhotoTests {
    let workshop = PhotoFixture.workshop()

    static let sizes: [(String, Int, Int)] = [
        ("phone.jpg", 160, 240), ("phone.heic", 240, 160), ("transparent.png", 100, 80), ("still.webp", 300, 200),
        ("moving.webp", 64, 64),
        ("cmyk.jpg", 64, 64), ("deep.png", 64, 48), ("grey.jpg", 600, 40)
    ]

    @Test("JPEG, HEIC, PNG and WebP become an upright JPEG and its thumbnail", arguments: sizes)
    func kinds(_ name: String, _ width: Int, _ height: Int) async throws {
        let photo = try await workshop.prepare(try PhotoFixture.bytes(name))
        #expect(photo.full.width == width && photo.full.height == height)
        #expect(max(photo.thumb.width, photo.thumb.height) == min(400, max(width, height)))
        for picture in [photo.full, photo.thumb] {
            #expect(picture.bytes.starts(with: [0xFF, 0xD8, 0xFF]))
            let again = try await workshop.prepare(picture.bytes)
            #expect(again.full.width == picture.width && again.full.height == picture.height)
        }
    }

    @Test("long photos shrink to 2,000 pixels, small ones are not enlarged")
    func shrinking() async throws {
        var limits = PhotoLimits()
        limits.fullEdge = 100
        limits.thumbEdge = 40
        let photo = try await PhotoFixture.workshop(limits: limits).prepare(try PhotoFixture.bytes("still.webp"))
        #expect(photo.full.width == 100 && photo.full.height == 67 && photo.thumb.width == 40)
    }

    @Test("Colours stay what they are: a white wall, developed again, is the same picture", arguments: [255, 128, 0] as [UInt8])
    func colours(_ grey: UInt8) async throws {
        let wall = PNG.encode(Array(repeating: grey, count: 64 * 48 * 3), width: 64, height: 48)
        let once = try await workshop.prepare(wall).full.bytes
        #expect(try await workshop.prepare(once).full.bytes == once)
    }

    static let witnesses = ["phone.jpg", "phone.heic", "transparent.png"]

    @Test("T44 V14.2.8 place, maker, author and comments are stripped from every kind", arguments: witnesses)
    func stripped(_ name: String) async throws {
        let original = try PhotoFixture.bytes(name)
        #expect(PhotoFixture.contains(original, "CNRY") && (name.hasSuffix("png") || PhotoFixture.contains(original, "Exif")))
        let photo = try await workshop.prepare(original)
        for picture in [photo.full, photo.thumb] {
            for trace in ["CNRY", "Exif", "GPS", "http:", "xpacket", "Photoshop", "ICC_PROFILE"] {
                #expect(!PhotoFixture.contains(picture.bytes, trace), "\(trace)")
            }
        }
    }

    @Test("T44 what is appended to or hidden in a photo does not survive")
    func polyglots() async throws {
        let jpeg = try PhotoFixture.bytes("phone.jpg")
        let script = Array("<script>alert('CNRY')</script>".utf8)
        let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04] + script
        let hidden = [0xFF, 0xD8, 0xFF, 0xFE] + [0, UInt8(script.count + 2)] + script + jpeg.dropFirst(2)
        for polyglot in [jpeg + script, jpeg + zip, hidden] {
            let photo = try await workshop.prepare(polyglot)
            #expect(
                !PhotoFixture.contains(photo.full.bytes, "script") && !PhotoFixture.contains(photo.full.bytes, "PK\u{3}\u{4}"))
        }
    }

    static let impostors: [String] = [
        "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "<!doctype html><script></script>", "GIF89a\u{1}", "%PDF-1.4",
        "MZ", "",
        "\u{0}", "P6 1 1 255 abc", "#!/bin/sh", "II*\u{0}", "BM", "\u{0}\u{0}\u{0}\u{18}ftypavif", "push graphic-context",
        "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "PK\u{3}\u{4}", "RIFF1234WAVE", "text",
        "\u{0}\u{0}\u{0}\u{18}ftyp", "RIFF"
    ]

    @Test("T35 T44 T45 what is no photo is refused, whatever it is called", arguments: impostors)
    func notAnImage(_ text: String) async {
        #expect(await PhotoFixture.outcome(Array(text.utf8), workshop) == .failure(.notAnImage))
    }

    @Test("GIF is no photo here")
    func gif() async throws {
        #expect(await PhotoFixture.outcome(try PhotoFixture.bytes("animation.gif"), workshop) == .failure(.notAnImage))
    }

    @Test("files that end too early are damaged", arguments: ["phone.jpg", "phone.heic", "transparent.png", "still.webp"])
    func truncated(_ name: String) async throws {
        let bytes = try PhotoFixture.bytes(name)
        for share in [0.3, 0.6, 0.95] {
            let cut = Array(bytes.prefix(Int(Double(bytes.count) * share)))
            #expect(await PhotoFixture.outcome(cut, workshop) == .failure(.damaged), "\(name) \(share)")
        }
    }

    @Test("a workshop without its program says that it is unavailable")
    func unavailable() async throws {
        let broken = ImageWorkshop(workers: WorkerProgram(executable: "/nowhere/portico", arguments: []))
        let outcome = await PhotoFixture.outcome(try PhotoFixture.bytes("phone.jpg"), broken)
        guard case .failure(.unavailable) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test("the program may decode its own drawings in its own process")
    func inProcess() async throws {
        let photo = try await ImageWorkshop.inProcess().prepare(try PhotoFixture.bytes("phone.jpg"))
        #expect(photo.full.width == 160)
    }
}
