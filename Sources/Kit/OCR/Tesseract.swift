import CTesseract

/// The one place that calls Tesseract. It reads files when it starts, and none later.
final class Tesseract {
    private let api: OpaquePointer
    let languages: [String]

    /// - Throws: unavailable when none of the languages is installed.
    init(_ wanted: [String]) throws(ReadingError) {
        guard let api = TessBaseAPICreate() else { throw .unavailable("Tesseract does not start") }
        guard TessBaseAPIInit3(api, nil, wanted.joined(separator: "+")) == 0 else {
            TessBaseAPIDelete(api)
            throw .unavailable("Tesseract has none of the languages \(wanted.joined(separator: ", "))")
        }
        self.api = api
        languages = Self.texts(TessBaseAPIGetLoadedLanguagesAsVector(api))
        // Words stand anywhere on photos, not in columns.
        TessBaseAPISetPageSegMode(api, PSM_SPARSE_TEXT)
    }

    deinit {
        TessBaseAPIEnd(api)
        TessBaseAPIDelete(api)
    }

    /// At most 200 words, as it finds them.
    func lines(on letters: Letters, _ kind: TextReader.Kind) -> [ReadText.Line] {
        TessBaseAPISetVariable(api, "tessedit_char_whitelist", kind == .digits ? "0123456789.," : "")
        TessBaseAPISetImage2(api, letters.picture)
        TessBaseAPISetSourceResolution(api, 150)
        defer { TessBaseAPIClear(api) }
        guard TessBaseAPIRecognize(api, nil) == 0, let results = TessBaseAPIGetIterator(api) else { return [] }
        defer { TessResultIteratorDelete(results) }
        let page = TessResultIteratorGetPageIterator(results)
        var lines: [ReadText.Line] = []
        var words: [ReadText.Word] = []
        var count = 0
        repeat {
            if let word = word(results, page) { words.append(word) }
            count += 1
            if TessPageIteratorIsAtFinalElement(page, RIL_TEXTLINE, RIL_WORD) != 0 {
                if !words.isEmpty { lines.append(ReadText.Line(words: words)) }
                words = []
            }
        } while count < 200 && TessResultIteratorNext(results, RIL_WORD) != 0
        return words.isEmpty ? lines : lines + [ReadText.Line(words: words)]
    }

    /// Nil where there is none, and for what is longer than any word.
    private func word(_ results: OpaquePointer, _ page: OpaquePointer?) -> ReadText.Word? {
        var (left, top, right, bottom) = (Int32(0), Int32(0), Int32(0), Int32(0))
        guard let found = TessResultIteratorGetUTF8Text(results, RIL_WORD) else { return nil }
        defer { TessDeleteText(found) }
        let text = String(cString: found)
        guard !text.isEmpty, text.utf8.count <= 100,
            TessPageIteratorBoundingBox(page, RIL_WORD, &left, &top, &right, &bottom) != 0
        else { return nil }
        let confidence = Double(TessResultIteratorConfidence(results, RIL_WORD)) / 100
        return ReadText.Word(
            text: text, confidence: min(max(confidence, 0), 1),
            box: .init(left: Int(left), top: Int(top), right: Int(right), bottom: Int(bottom)))
    }

    /// A list of texts that ends with null, released here.
    private static func texts(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
        guard let list else { return [] }
        defer { TessDeleteTextArray(list) }
        var texts: [String] = []
        var next = list
        while let text = next.pointee {
            texts.append(String(cString: text))
            next += 1
        }
        return texts
    }
}
