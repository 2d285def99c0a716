import Foundation
import Images
import Testing

@testable import portico

@Suite("Demo pictures")
struct DemoPictureTests {
    @Test("Each picture is one that the photo studio takes, and looks different from the others and from each angle")
    func distinct() async throws {
        let sketches = Picture.allCases.prefix(6).flatMap { picture in
            (0..<Sketch.angles).map { Sketch(picture: picture, angle: $0, isMended: false) }
        }
        let prints = try await Darkroom().develop(Set(sketches))
        #expect(prints.count == sketches.count)
        #expect(Set(prints.values.map(\.full.bytes)).count == sketches.count)
        #expect(prints.values.allSatisfy { $0.full.width == 640 && $0.full.height == 480 && $0.thumb.width == 400 })
    }

    @Test("What a picture says stands on it: the reader reads it from every angle")
    func words() async throws {
        for picture in Picture.allCases {
            guard let words = picture.words else { continue }
            let sketches = (0..<Sketch.angles).map { Sketch(picture: picture, angle: $0, isMended: false) }
            for (sketch, print) in try await Darkroom().develop(Set(sketches)) {
                let read = try await ReadingFixture.reader.read(print.full.bytes, before: .now + .seconds(60)).legible()
                #expect(read.first == words, "\(sketch)")
            }
        }
    }

    @Test("A repaired thing is drawn without its fault")
    func mended() {
        for picture in Picture.allCases where picture.canBeMended {
            #expect(picture.drawn(isMended: true).bytes != picture.drawn(isMended: false).bytes)
        }
    }

    @Test("Drawing is the same each time")
    func deterministic() {
        let drawn = (0..<2).map { _ in Picture.mailboxes.drawn(isMended: false).photographed(angle: 3, seed: 5) }
        #expect(drawn[0] == drawn[1])
    }
}
