import Foundation
import Images
import Testing
import Threads

@testable import OCR
@testable import Workers
@testable import portico

/// Photos with words, drawn as the demo's are.
enum ReadingFixture {
    static let program = WorkerProgram(executable: PhotoFixture.executable, arguments: ["ocr-worker"])
    static let reader = TextReader(workers: program)

    /// A photo as Portico keeps it.
    static func photo(
        _ draw: @Sendable (Canvas) -> Void, changed: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    ) async throws -> [UInt8] {
        let png = PNG.encode(changed(pixels(draw)), width: Canvas.width, height: Canvas.height)
        return try await ImageWorkshop.inProcess().prepare(png).full.bytes
    }

    static func pixels(_ draw: (Canvas) -> Void) -> [UInt8] {
        let canvas = Canvas()
        canvas.background(Paint.gradient(Colour(grey: 214), (0, 0), Colour(grey: 140), (640, 480)).mottled(0.2, size: 60))
        draw(canvas)
        return canvas.photographed(angle: 0, seed: 5)
    }

    static func plate(_ canvas: Canvas) {
        canvas.write("AUFZUG AUSSER BETRIEB", 60, 90, height: 26, .black)
        canvas.write("STÖRUNG MELDEN", 60, 160, height: 22, .black)
    }

    /// As a boiler has it: light on dark.
    static func display(_ canvas: Canvas) {
        canvas.fill(.rect(180, 140, 280, 150, radius: 8), Colour(grey: 26))
        canvas.write("E27", 240, 190, height: 36, Colour(255, 170, 90), pen: 0.2)
    }

    static func upsideDown(_ pixels: [UInt8]) -> [UInt8] {
        stride(from: pixels.count - 3, through: 0, by: -3).flatMap { pixels[$0..<$0 + 3] }
    }

    static func outcome(_ jpeg: [UInt8], _ reader: TextReader, before end: ContinuousClock.Instant = .now + .seconds(60)) async
        -> Result<ReadText, ReadingError>
    {
        do {
            return .success(try await reader.read(jpeg, before: end))
        } catch let error as ReadingError {
            return .failure(error)
        } catch {
            return .failure(.unavailable("\(error)"))
        }
    }
}

@Suite("The words on photos", .serialized)
struct ReadingTests {
    private var later: ContinuousClock.Instant { .now + .seconds(60) }

    @Test("A plate's words are read line by line, with how sure each is and where it stands")
    func plate() async throws {
        let text = try await ReadingFixture.reader.read(try await ReadingFixture.photo(ReadingFixture.plate), before: later)
        #expect(text.legible() == ["AUFZUG AUSSER BETRIEB", "STÖRUNG MELDEN"] && text.turn == 0)
        let words = text.lines.flatMap(\.words).filter { $0.confidence >= 0.8 }
        #expect(words.allSatisfy { $0.confidence <= 1 && $0.box.left < $0.box.right && $0.box.top < $0.box.bottom })
        #expect(text.candidates.first?.confidence == words.map(\.confidence).max())
    }

    @Test("Light letters on a display are read as dark ones on paper are")
    func display() async throws {
        let text = try await ReadingFixture.reader.read(try await ReadingFixture.photo(ReadingFixture.display), before: later)
        #expect(text.legible() == ["E27"])
    }

    @Test("A photo taken upside down is turned, and grain does not matter")
    func hard() async throws {
        let turned = try await ReadingFixture.photo(ReadingFixture.plate, changed: ReadingFixture.upsideDown)
        let text = try await ReadingFixture.reader.read(turned, before: later)
        #expect(text.legible() == ["AUFZUG AUSSER BETRIEB", "STÖRUNG MELDEN"] && text.turn == 2)
        let grainy = try await ReadingFixture.photo(
            ReadingFixture.plate,
            changed: { pixels in
                var random = SeededRandom(state: 7)
                return pixels.map { UInt8(clamping: Int($0) + Int.random(in: -24...24, using: &random)) }
            })
        #expect(try await ReadingFixture.reader.read(grainy, before: later).legible().first == "AUFZUG AUSSER BETRIEB")
    }

    @Test("Where there are no words none are found: on a blank photo, a black one, a narrow one, and on pictures of things")
    func nothing() async throws {
        let blank = try await ReadingFixture.photo { _ in }
        let black = try await ReadingFixture.photo({ _ in }, changed: { $0.map { _ in 0 } })
        let narrow = try await ImageWorkshop.inProcess().prepare(
            PNG.encode([UInt8](repeating: 90, count: 600 * 4 * 3), width: 600, height: 4)
        ).full.bytes
        for jpeg in [blank, black, narrow] {
            #expect(try await ReadingFixture.reader.read(jpeg, before: later).legible() == [])
        }
        let things = [Picture.stairs, .fuseBox].map { Sketch(picture: $0, angle: 1, isMended: false) }
        for (sketch, print) in try await Darkroom().develop(Set(things)) {
            #expect(try await ReadingFixture.reader.read(print.full.bytes, before: later).legible() == [], "\(sketch)")
        }
    }

    @Test("T43 a photo of 48 megapixels comes through the workshop and is read")
    func large() async throws {
        // One bit a pixel: 6 MB.
        let small = ReadingFixture.pixels(ReadingFixture.plate)
        var lines = [UInt8](repeating: 0, count: 1000 * 6000)
        for y in 0..<6000 {
            let row = (y * 2 / 25) * Canvas.width
            for x in 0..<8000 where small[(row + x * 2 / 25) * 3] > 90 { lines[y * 1000 + x / 8] |= 0x80 >> UInt8(x % 8) }
        }
        let png = PNG.encode(lines: lines, 1000, width: 8000, height: 6000, bits: 1, colours: 0)
        let photo = try await PhotoFixture.workshop().prepare(png)
        #expect(photo.full.width == 2000)
        #expect(try await ReadingFixture.reader.read(photo.full.bytes, before: later).legible().first == "AUFZUG AUSSER BETRIEB")
    }

    @Test("A meter's digits are read as digits, the surest candidate first")
    func digits() async throws {
        let meter = try await ReadingFixture.photo { canvas in
            canvas.fill(.rect(140, 180, 360, 100, radius: 6), Colour(grey: 22))
            canvas.write("0047193", 170, 204, height: 50, .white)
        }
        let text = try await ReadingFixture.reader.read(meter, .digits, before: later)
        #expect(text.candidates.first?.text == "0047193" && (text.candidates.first?.confidence ?? 0) > 0.8)
        // The next one is read as words again.
        #expect(
            try await ReadingFixture.reader.read(try await ReadingFixture.photo(ReadingFixture.plate), before: later).legible()
                .count == 2)
    }

    @Test("T43 garbage and what is no JPEG are unreadable, damaged photos are read as far as they go, and the reader lives")
    func garbage() async throws {
        let plate = try await ReadingFixture.photo(ReadingFixture.plate)
        var random = SeededRandom(state: 3)
        let noise = (0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let png = PNG.encode([UInt8](repeating: 90, count: 64 * 64 * 3), width: 64, height: 64)
        let pieces = [
            [], noise, [0xFF, 0xD8, 0xFF] + noise, png, Array("P5 9 9 255\n".utf8)
        ]
        for piece in pieces + [[UInt8](repeating: 0xFF, count: TextReader.mostBytes + 1)] {
            #expect(await ReadingFixture.outcome(piece, ReadingFixture.reader) == .failure(.unreadable))
        }
        for round in 0..<8 {
            let mutant = random.mutated(plate, with: [[0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xC0]])
            switch await ReadingFixture.outcome(
                round == 0 ? Array(plate.prefix(plate.count / 2)) : mutant, ReadingFixture.reader)
            {
            case .success, .failure(.unreadable): break
            case .failure(let other): Issue.record("\(other)")
            }
        }
        #expect(try await ReadingFixture.reader.read(plate, before: later).legible().count == 2)
    }

    @Test("Without its program or its languages the reader is unavailable and says why; with them it names them")
    func unavailable() async throws {
        let plate = try await ReadingFixture.photo(ReadingFixture.plate)
        for arguments in [["ocr-worker", "xxx"], ["ocr-worker", "xxx", "../../etc/passwd"]] {
            let mute = TextReader(workers: WorkerProgram(executable: PhotoFixture.executable, arguments: arguments))
            guard case .failure(.unavailable(let why)) = await ReadingFixture.outcome(plate, mute) else {
                Issue.record("It read")
                continue
            }
            #expect(why.contains("xxx"))
        }
        let gone = TextReader(workers: WorkerProgram(executable: "/nowhere/portico", arguments: []))
        guard case .failure(.unavailable) = await ReadingFixture.outcome(plate, gone) else {
            Issue.record("It read")
            return
        }
        #expect(try await ReadingFixture.reader.languages(before: later) == ["deu", "eng"])
        #expect(await ReaderCheck.line(ReadingFixture.reader) == "ok    words on photos: deu, eng")
        #expect(await ReaderCheck.line(gone).hasPrefix("note  words on photos: not read; cannot start"))
    }

    @Test("Who has no time left gets no words, and the next one is read by a fresh process")
    func late() async throws {
        let plate = try await ReadingFixture.photo(ReadingFixture.plate)
        for time in [Duration.zero, .milliseconds(2)] {
            #expect(await ReadingFixture.outcome(plate, ReadingFixture.reader, before: .now + time) == .failure(.late))
        }
        #expect(try await ReadingFixture.reader.read(plate, before: later).legible().count == 2)
    }

    @Test("T43 T91 a process that is killed at rest or in the middle is replaced; it is confined, steps back, and has no secret")
    func killed() async throws {
        let plate = try await ReadingFixture.photo(ReadingFixture.plate)
        let pool = WorkerPool(ReadingFixture.program)
        let reader = TextReader(pool: pool)
        for wait in [Duration.zero, .milliseconds(60), .milliseconds(200)] {
            _ = try await reader.languages(before: later)
            let worker = try pool.take()
            let proc = "/proc/\(worker.process)/"
            #expect(try !String(contentsOfFile: proc + "environ", encoding: .utf8).contains("PORTICO"))
            let limits = try String(contentsOfFile: proc + "limits", encoding: .utf8).split(separator: "\n")
            for name in ["Max cpu time", "Max data size", "Max file size", "Max core file size"] {
                let line = limits.first { $0.hasPrefix(name) }.map { $0.split(whereSeparator: \.isWhitespace) } ?? []
                #expect(line.dropFirst(name.split(separator: " ").count).first.map { $0 != "unlimited" } ?? false, "\(name)")
            }
            pool.keep(worker)
            async let text = reader.read(plate, before: later)
            try await Task.sleep(for: wait)
            kill(worker.process, SIGKILL)
            #expect(try await text.legible().count == 2, "\(wait)")
        }
    }

    @Test("The process ends when there is nothing to read for a while, and starts again with the next photo")
    func idle() async throws {
        let pool = WorkerPool(ReadingFixture.program)
        let reader = TextReader(pool: pool, idle: .milliseconds(300))
        _ = try await reader.languages(before: later)
        let process = try { () throws in
            let worker = try pool.take()
            pool.keep(worker)
            return worker.process
        }()
        #expect(kill(process, 0) == 0)
        for _ in 0..<100 where kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(100)) }
        #expect(kill(process, 0) != 0)
        #expect(try await reader.languages(before: later).count == 2)
    }

    @Test("A crowd waits in a queue of bounded length, each no longer than its own time")
    func crowd() async throws {
        let plate = try await ReadingFixture.photo(ReadingFixture.plate)
        let reader = TextReader(workers: ReadingFixture.program, waiting: 3)
        let start = ContinuousClock.now
        let outcomes = await withTaskGroup(of: Result<ReadText, ReadingError>.self) { group in
            for _ in 0..<12 { group.addTask { await ReadingFixture.outcome(plate, reader, before: start + .seconds(20)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ContinuousClock.now - start < .seconds(25))
        #expect(outcomes.count { if case .failure(.unavailable) = $0 { true } else { false } } == 8)
        #expect(outcomes.contains { (try? $0.get().legible().count) == 2 })
    }
}
