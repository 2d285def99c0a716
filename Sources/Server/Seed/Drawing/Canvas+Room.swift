/// What several pictures share: walls, floors, tiles, metal, drops.
extension Canvas {
    /// Calls back `count` times with two numbers between 0 and 1 that look as if by chance.
    func scatter(_ count: Int32, seed: UInt32, _ place: (_ across: Float, _ down: Float, _ index: Int32) -> Void) {
        for index in 0..<count { place(Noise.corner(index, 1, seed), Noise.corner(index, 2, seed), index) }
    }

    func wall(_ colour: Colour, seed: UInt32 = 3) {
        background(Paint.gradient(colour.lit(1.05), (80, 0), colour.lit(0.82), (560, 480)).mottled(0.1, size: 46, seed: seed))
    }

    func floor(_ colour: Colour, from top: Float) {
        fill(
            .rect(-4, top, 648, 490 - top),
            Paint.gradient(colour.lit(0.75), (0, top), colour.lit(1.08), (0, 480)).mottled(0.14, size: 24))
        fill(.rect(-4, top - 13, 648, 13), Colour(grey: 226))
        fill(.rect(-4, top - 2, 648, 3), Colour(grey: 120), opacity: 0.6)
    }

    /// A tiled wall; joints between tiles of `size` pixels.
    func tiles(_ colour: Colour, size: Float, joint: Colour = Colour(grey: 190)) {
        background(.flat(joint))
        var row: Float = -1
        while row * size < 480 {
            var column: Float = -1
            while column * size < 640 {
                let shade = 0.94 + Noise.corner(Int32(column), Int32(row), 5) * 0.1
                let (x, y) = (column * size + 20, row * size + 10)
                fill(
                    .rect(x + 1.5, y + 1.5, size - 3, size - 3, radius: 3),
                    .gradient(colour.lit(shade * 1.06), (x, y), colour.lit(shade * 0.9), (x + size, y + size)))
                column += 1
            }
            row += 1
        }
    }

    func screw(_ x: Float, _ y: Float, _ radius: Float = 6) {
        fill(.circle(x, y, radius), .glow(Colour(grey: 225), Colour(grey: 130), x - 2, y - 2, radius * 1.4))
        fill(.line((x - radius * 0.6, y - radius * 0.4), (x + radius * 0.6, y + radius * 0.4), 1.6), Colour(grey: 70))
    }

    func drop(_ x: Float, _ y: Float, _ size: Float) {
        let shape = Shape.polygon([(x, y - size * 1.7), (x + size * 0.8, y), (x, y + size), (x - size * 0.8, y)])
        fill(shape, Colour(150, 190, 214), soft: 4, opacity: 0.85)
        fill(.circle(x, y, size), .glow(Colour(226, 240, 248), Colour(106, 152, 184), x - size * 0.3, y - size * 0.3, size * 1.3))
        fill(.circle(x - size * 0.3, y - size * 0.35, size * 0.22), .white)
    }

    /// Standing water with a bright rim.
    func pool(_ x: Float, _ y: Float, _ width: Float, _ height: Float) {
        fill(.ellipse(x, y, width * 1.05, height * 1.12), .black, soft: 18, opacity: 0.3)
        fill(
            .ellipse(x, y, width, height),
            Paint.gradient(Colour(178, 204, 220), (x, y - height), Colour(84, 112, 132), (x, y + height)).mottled(0.3, size: 40),
            opacity: 0.82)
        fill(Shape.ellipse(x, y, width, height).outline(3), .white, soft: 3, opacity: 0.4)
        fill(.ellipse(x - width * 0.35, y - height * 0.35, width * 0.25, height * 0.13), .white, soft: 8, opacity: 0.6)
    }
}
