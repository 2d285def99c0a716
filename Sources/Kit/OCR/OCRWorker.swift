import Foundation
import Workers

/// The worker process: takes photos from its standard input, a socket, and answers with the words on them. It holds no secrets, opens no
/// files after its start, and may be ended at any moment by a hostile picture; the server starts another.
public enum OCRWorker {
    /// Runs until the other side closes.
    /// - Parameters:
    ///   - languages: those to read, as in `["deu", "eng"]`; what is not installed is left out.
    ///   - allowance: for one picture. A photo of 2,000 pixels takes 50 MiB and mostly less than a second (measured 26 Nov 2026).
    public static func main(
        _ languages: [String], allowance: Allowance = Allowance(memory: 256 << 20, seconds: 20)
    ) {
        stepBack()
        // What they know is loaded before the limits hold.
        let (reader, failure) = start(languages)
        let confinement = Confinement(most: allowance.memory)
        // At once: the event loops that came with the program have lost their files, and would trap when they are told to end.
        defer { _exit(0) }
        while let question = try? ReadingQuestion(from: .toServer) {
            confinement.grant(allowance)
            let answer = reader.map { $0.answer(question) } ?? ReadingAnswer(unavailable: failure)
            guard (try? answer.write(to: .toServer, before: .now + .seconds(60))) != nil else { return }
        }
    }

    private static func start(_ languages: [String]) -> (Tesseract?, String) {
        do throws(ReadingError) {
            guard Exposure.isReady else { throw .unavailable("libvips does not start") }
            return (try Tesseract(languages), "")
        } catch .unavailable(let why) {
            return (nil, why)
        } catch {
            return (nil, "Tesseract does not start")
        }
    }
}

extension Tesseract {
    fileprivate func answer(_ question: ReadingQuestion) -> ReadingAnswer {
        guard case .read(let jpeg, let kind) = question else { return ReadingAnswer(languages: languages) }
        guard let exposure = try? Exposure(jpeg) else { return ReadingAnswer(isUnreadable: true) }
        return ReadingAnswer(text: read(exposure, kind))
    }

    /// Upright as it was taken, then upside down and on its sides, until something can be read: what knows which way is up in a phone does
    /// not know it when the phone looks down on a plate. Capitals upside down look like others, but most of their words are unsure then.
    private func read(_ exposure: Exposure, _ kind: TextReader.Kind) -> ReadText {
        var best = ReadText()
        for turn in [0, 2, 1, 3] {
            // Dark letters, as on paper, and light ones, as on displays.
            let views = [false, true].compactMap { isLight in exposure.letters(light: isLight, turn: turn) }
            let text = ReadText(views.flatMap { lines(on: $0, kind) }, turn: turn)
            if text.sureLetters(kind) > best.sureLetters(kind) { best = text }
            let sure = best.sureLetters(kind)
            if sure > 0, turn != 0 || sure * 2 >= best.letters { return best }
        }
        return best
    }
}

extension ReadText {
    fileprivate var letters: Int { lines.flatMap(\.words).reduce(0) { $0 + $1.text.count } }

    fileprivate func sureLetters(_ kind: TextReader.Kind) -> Int {
        switch kind {
        case .words: legible().reduce(0) { $0 + $1.count }
        case .digits: candidates.filter { $0.confidence >= 0.8 }.reduce(0) { $0 + $1.text.count }
        }
    }
}
