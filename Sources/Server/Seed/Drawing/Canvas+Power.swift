extension Canvas {
    func socket() {
        wall(Colour(232, 228, 218), seed: 15)
        fill(.circle(356, 268, 116), .glow(Colour(grey: 36), Colour(128, 116, 100), 356, 268, 130), soft: 5)
        for wire in 0..<3 {
            let colour = [Colour(70, 110, 190), Colour(112, 74, 46), Colour(150, 180, 60)][wire]
            let y = 236 + Float(wire) * 26
            let bends: [Shape.Point] = [(350, y), (300, y + 12), (256, y - 8), (236, y)]
            fill(.path(bends, 9), .tube(colour, from: y - 12, to: y + 16, upright: false))
        }
        let plate = Shape.polygon([(96, 128), (296, 156), (276, 370), (76, 338)])
        shadow(plate, dx: 20, dy: 26)
        fill(plate, .gradient(Colour(grey: 252), (96, 130), Colour(grey: 206), (280, 370)))
        fill(plate.outline(5), Colour(grey: 200), soft: 3, opacity: 0.7)
        fill(.ellipse(186, 249, 74, 78), .glow(Colour(grey: 170), Colour(grey: 232), 176, 240, 84))
        fill(.ellipse(160, 245, 10, 11), Colour(grey: 16))
        fill(.ellipse(212, 252, 10, 11), Colour(grey: 16))
        for clip in [Float(176), 314] { fill(.rect(176, clip, 24, 10, radius: 3), Colour(grey: 150)) }
        fill(.ellipse(226, 210, 40, 30), Colour(60, 44, 30), soft: 40, opacity: 0.55)
        fill(.rect(-9, 440, 660, 50), Colour(grey: 240))
        fill(.rect(-9, 438, 660, 4), .black, soft: 5, opacity: 0.4)
    }

    func fuseBox() {
        wall(Colour(200, 202, 198), seed: 17)
        let box = Shape.rect(80, 50, 480, 380, radius: 14)
        shadow(box)
        fill(box, .gradient(Colour(grey: 244), (80, 50), Colour(grey: 198), (560, 430)))
        fill(.rect(104, 76, 432, 328, radius: 8), .gradient(Colour(grey: 92), (0, 76), Colour(grey: 132), (0, 404)))
        for row in 0..<2 {
            let y = 96 + Float(row) * 158
            for column in 0..<8 {
                let x = 116 + Float(column) * 52
                let isOff = row == 1 && (column == 2 || column == 3)
                fill(.rect(x, y, 46, 132, radius: 4), .gradient(Colour(grey: 246), (x, y), Colour(grey: 208), (x, y + 132)))
                fill(.rect(x + 10, y + 38, 26, 54, radius: 3), Colour(grey: 60))
                let lever = isOff ? y + 66 : y + 42
                fill(.rect(x + 12, lever, 22, 24, radius: 3), isOff ? Colour(206, 44, 34) : Colour(grey: 22))
                fill(.rect(x + 9, y + 12, 28, 4), Colour(grey: 160))
                fill(.rect(x + 9, y + 20, 18, 4), Colour(grey: 180))
            }
        }
        fill(.rect(104, 236, 432, 14), .tube(Colour(grey: 210), from: 236, to: 250, upright: false))
    }

    func lamp(_ isMended: Bool) {
        let night = isMended ? Colour(226, 212, 182) : Colour(66, 64, 72)
        background(Paint.gradient(night.lit(1.1), (320, 60), night.lit(0.55), (320, 480)).mottled(0.1, size: 40))
        fill(.rect(-9, 370, 660, 120), Paint.gradient(night.lit(0.6), (0, 370), night.lit(0.4), (0, 480)).mottled(0.16, size: 20))
        fill(.rect(430, 180, 130, 200), .gradient(night.lit(0.75), (430, 180), night.lit(0.5), (560, 380)))
        fill(Shape.rect(430, 180, 130, 200).outline(8), night.lit(0.42))
        fill(.line((250, -9), (250, 96), 5), Colour(grey: 30))
        if isMended { fill(.circle(250, 170, 300), Colour(255, 240, 190), soft: 300, opacity: 0.45) }
        let shade = Shape.polygon([(222, 92), (278, 92), (350, 196), (150, 196)])
        fill(shade, .tube(isMended ? Colour(250, 236, 190) : Colour(120, 116, 108), from: 150, to: 350, upright: true))
        let glass = isMended ? Colour(255, 252, 226) : Colour(92, 88, 80)
        fill(.circle(250, 216, 30), .glow(glass.lit(1.2), glass.lit(0.7), 242, 208, 36))
        guard !isMended else { return }
        fill(.path([(232, 208), (246, 220), (240, 232), (262, 240)], 2), Colour(grey: 20))
        fill(.polygon([(262, 196), (282, 206), (276, 228), (260, 222)]), Colour(grey: 24))
        scatter(7, seed: 9) { across, down, _ in
            let (x, y) = (200 + 110 * across, 420 + 40 * down)
            let corners: [Shape.Point] = [(x, y), (x + 12, y + 3), (x + 5, y + 10)]
            fill(.polygon(corners), Colour(grey: 190))
        }
    }

    func alarm() {
        background(Paint.gradient(Colour(236, 234, 228), (0, 0), Colour(198, 198, 194), (640, 480)).mottled(0.08, size: 30))
        let disc = Shape.ellipse(320, 236, 190, 172)
        shadow(disc, dx: 16, dy: 26, soft: 44)
        fill(disc, .glow(Colour(grey: 255), Colour(grey: 196), 270, 180, 260))
        fill(Shape.ellipse(320, 236, 150, 134).outline(3), Colour(grey: 150), soft: 2)
        for slot in 0..<18 {
            let angle: Float = Float(slot) / 18 * 6.283
            let (dx, dy) = (Wave.cosine(angle), Wave.sine(angle))
            let inner: Shape.Point = (320 + dx * 158, 236 + dy * 142)
            let outer: Shape.Point = (320 + dx * 178, 236 + dy * 160)
            fill(.line(inner, outer, 6), Colour(grey: 70))
        }
        fill(.ellipse(320, 236, 62, 56), .glow(Colour(grey: 244), Colour(grey: 206), 306, 220, 74))
        fill(.circle(390, 300, 7), Colour(230, 40, 30))
        fill(.circle(390, 300, 24), Colour(255, 70, 50), soft: 30, opacity: 0.5)
    }
}
