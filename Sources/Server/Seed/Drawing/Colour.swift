/// Red, green and blue from 0 to 255.
struct Colour: Sendable {
    var red: Float
    var green: Float
    var blue: Float

    init(_ red: Float, _ green: Float, _ blue: Float) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    init(grey: Float) {
        self.init(grey, grey, grey)
    }

    func mixed(with other: Colour, _ share: Float) -> Colour {
        Colour(
            red + (other.red - red) * share, green + (other.green - green) * share, blue + (other.blue - blue) * share)
    }

    func lit(_ factor: Float) -> Colour {
        Colour(red * factor, green * factor, blue * factor)
    }

    static let black = Colour(grey: 12)
    static let white = Colour(grey: 245)
}
