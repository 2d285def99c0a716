import Foundation

/// Words on plates and displays: capitals as a draughtsman's stencil has them, drawn with one pen.
extension Canvas {
    /// - Parameters:
    ///   - x: left edge of the first letter, in pixels; `y` its upper edge.
    ///   - height: of a letter, in pixels.
    ///   - pen: width of the strokes, as a share of the height.
    func write(_ text: String, _ x: Float, _ y: Float, height: Float, _ colour: Colour, pen: Float = 0.14) {
        let unit = height / 6
        var left = x
        for letter in text {
            for stroke in Stencil.strokes(of: letter) {
                fill(.path(stroke.map { (left + $0.x * unit, y + $0.y * unit) }, height * pen), colour)
            }
            left += Stencil.width(of: letter) * unit
        }
    }

    /// How wide that text becomes, in pixels.
    static func width(of text: String, height: Float) -> Float {
        text.reduce(0) { $0 + Stencil.width(of: $1) } * height / 6
    }
}

/// Letters as strokes between points of a grid, 4 wide and 6 high: `06` is the lower left corner, `40` the upper right one.
private enum Stencil {
    static func width(of letter: Character) -> Float {
        switch letter {
        case " ": 3.6
        case "I", ".", "!": 3.4
        case "F", "L", "P", "T", "Y", "7": 5.2
        default: 5.7
        }
    }

    /// Ä, Ö and Ü have their dots above the line.
    static func strokes(of letter: Character) -> [[Shape.Point]] {
        let base = String(letter).decomposedStringWithCanonicalMapping.unicodeScalars
        let dots: [[Shape.Point]] = base.count > 1 ? [[(1, -1.3), (1, -1.2)], [(3, -1.3), (3, -1.2)]] : []
        return dots + (base.first.flatMap { strokes[Character($0)] } ?? [])
    }

    private static let strokes: [Character: [[Shape.Point]]] = shapes.mapValues { shape in
        shape.split(separator: "|").map { stroke in
            stroke.split(separator: " ").compactMap { point in
                guard let x = point.first?.wholeNumberValue, let y = point.last?.wholeNumberValue else { return nil }
                return (Float(x), Float(y))
            }
        }
    }

    private static let shapes: [Character: String] = [
        "A": "06 20 46|14 34", "B": "00 06 36 45 44 33 03|33 42 41 30 00", "C": "41 30 10 01 05 16 36 45",
        "D": "00 06 26 45 41 20 00", "E": "40 00 06 46|03 33", "F": "40 00 06|03 33", "G": "41 30 10 01 05 16 36 45 43 23",
        "H": "00 06|40 46|03 43", "I": "10 16", "J": "40 45 36 16 05", "K": "00 06|40 03 46", "L": "00 06 46",
        "M": "06 00 23 40 46", "N": "06 00 46 40", "O": "10 30 41 45 36 16 05 01 10", "P": "06 00 30 41 42 33 03",
        "Q": "10 30 41 45 36 16 05 01 10|34 46", "R": "06 00 30 41 42 33 03|23 46", "S": "41 30 10 01 02 13 33 44 45 36 16 05",
        "T": "00 40|20 26", "U": "00 05 16 36 45 40", "V": "00 26 40", "W": "00 16 22 36 40", "X": "00 46|40 06",
        "Y": "00 23 40|23 26", "Z": "00 40 06 46", "0": "10 30 41 45 36 16 05 01 10", "1": "11 20 26",
        "2": "01 10 30 41 42 06 46", "3": "01 10 30 41 42 33 13|33 44 45 36 16 05", "4": "36 30 04 44",
        "5": "40 00 03 33 44 45 36 16 05",
        "6": "41 30 10 01 05 16 36 45 44 33 03", "7": "00 40 16", "8": "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
        "9": "05 16 36 45 41 30 10 01 02 13 43", "<": "41 03 45", ">": "01 43 05", "/": "06 40", ".": "16 16", "!": "10 14|16 16"
    ]
}
