extension Canvas {
    func drippingTap(_ isMended: Bool) {
        tiles(Colour(206, 222, 226), size: 92)
        let metal = Colour(196, 202, 208)
        let spout = Shape.path([(232, 196), (330, 182), (404, 196), (420, 262)], 46)
        shadow(spout, dx: 14, dy: 18)
        fill(.rect(196, 150, 74, 250, radius: 22), .tube(metal, from: 196, to: 270, upright: true))
        fill(spout, .gradient(metal.lit(1.2), (320, 160), metal.lit(0.55), (330, 225)))
        fill(.rect(396, 250, 50, 26, radius: 6), .tube(metal.lit(0.8), from: 396, to: 446, upright: true))
        let lever = Shape.path([(232, 148), (250, 92), (330, 76)], 22)
        shadow(lever)
        fill(lever, .gradient(Colour(grey: 240), (290, 70), Colour(grey: 120), (296, 110)))
        fill(.ellipse(320, 440, 300, 66), .gradient(Colour(grey: 250), (0, 380), Colour(grey: 176), (0, 480)))
        fill(.ellipse(320, 448, 262, 50), .gradient(Colour(grey: 176), (0, 400), Colour(grey: 232), (0, 490)))
        fill(.ellipse(420, 450, 18, 7), Colour(grey: 60))
        guard !isMended else { return }
        drop(421, 304, 12)
        drop(421, 372, 9)
        pool(420, 446, 60, 14)
    }

    func blockedSink(_ isMended: Bool) {
        background(Paint.gradient(Colour(124, 98, 74), (0, 0), Colour(92, 70, 52), (640, 480)).mottled(0.3, size: 14))
        let basin = Shape.rect(70, 46, 500, 390, radius: 60)
        shadow(basin, soft: 30)
        fill(basin, .gradient(Colour(grey: 238), (90, 60), Colour(grey: 170), (560, 430)))
        let bowl = Shape.rect(106, 82, 428, 318, radius: 46)
        fill(bowl, Paint.gradient(Colour(grey: 150), (120, 90), Colour(grey: 214), (520, 400)).mottled(0.06, size: 60))
        fill(bowl.outline(4), Colour(grey: 120), soft: 5, opacity: 0.5)
        fill(.circle(320, 244, 40), .glow(Colour(grey: 70), Colour(grey: 190), 320, 244, 44))
        let holes: [Shape.Point] = [(304, 236), (320, 230), (336, 236), (304, 250), (320, 258), (336, 250)]
        for hole in holes { fill(.circle(hole.x, hole.y, 5), Colour(grey: 20)) }
        guard !isMended else { return }
        fill(
            .rect(118, 96, 404, 292, radius: 44),
            Paint.gradient(Colour(150, 158, 140), (120, 90), Colour(96, 104, 92), (520, 390)).mottled(0.5, size: 44, seed: 8),
            soft: 8,
            opacity: 0.8)
        scatter(26, seed: 7) { across, down, index in
            let size = 4 + 9 * Noise.corner(index, 3, 7)
            fill(Shape.circle(150 + 330 * across, 130 + 220 * down, size).outline(1.6), .white, soft: 2, opacity: 0.6)
        }
        fill(.ellipse(230, 150, 70, 20), .white, soft: 20, opacity: 0.35)
    }

    func ceilingStain(_ isMended: Bool) {
        background(Paint.gradient(Colour(238, 236, 228), (0, 0), Colour(212, 210, 204), (0, 330)).mottled(0.07, size: 30))
        fill(
            .polygon([(-9, 345), (650, 300), (650, 490), (-9, 490)]),
            Paint.gradient(Colour(205, 211, 206), (0, 320), Colour(182, 190, 186), (0, 480)).mottled(0.06, size: 28))
        fill(.polygon([(-9, 345), (650, 300), (650, 316), (-9, 362)]), Colour(246, 246, 242))
        fill(.line((-9, 364), (650, 318), 4), .black, soft: 6, opacity: 0.35)
        guard !isMended else {
            fill(.ellipse(300, 165, 190, 96), Colour(250, 250, 247), soft: 50, opacity: 0.7)
            return
        }
        for ring in 0..<4 {
            let size = Float(4 - ring)
            let stain = Shape.ellipse(300 + Float(ring) * 8, 166, 52 * size, 26 * size)
            let rough = Shape(box: stain.box.grown(40)) { stain.distance($0, $1) + (Noise.at($0 / 34, $1 / 34, 4) - 0.5) * 46 }
            fill(rough, Colour(168 - Float(ring) * 8, 132 - Float(ring) * 10, 74), soft: 16, opacity: 0.22)
            fill(rough.outline(5), Colour(124, 84, 38), soft: 8, opacity: 0.35)
        }
        drop(318, 190, 7)
    }

    func puddle() {
        wall(Colour(172, 174, 170), seed: 9)
        floor(Colour(138, 134, 128), from: 300)
        fill(.rect(428, -9, 34, 330), .tube(Colour(150, 156, 160), from: 428, to: 462, upright: true))
        fill(.rect(420, 180, 50, 26, radius: 4), .tube(Colour(176, 120, 70), from: 420, to: 470, upright: true))
        fill(.path([(446, 206), (440, 250), (452, 290), (444, 318)], 9), Colour(206, 226, 236), soft: 4, opacity: 0.8)
        pool(360, 396, 250, 62)
        pool(120, 440, 90, 20)
        let bucket = Shape.polygon([(76, 250), (196, 250), (180, 366), (92, 366)])
        shadow(bucket)
        fill(bucket, .tube(Colour(60, 110, 186), from: 76, to: 196, upright: true))
        fill(.ellipse(136, 250, 60, 15), Colour(34, 66, 120))
        fill(Shape.ellipse(136, 240, 58, 50).outline(4).without(.rect(60, 250, 160, 80)), Colour(grey: 190))
    }

    func gutter() {
        background(.gradient(Colour(120, 138, 158), (0, 0), Colour(176, 188, 198), (0, 300)))
        fill(
            .rect(-9, 250, 660, 240),
            Paint.gradient(Colour(206, 188, 158), (0, 250), Colour(176, 156, 128), (0, 480)).mottled(0.2, size: 18))
        for row in 0..<4 {
            for column in -1..<9 {
                let (x, y) = (Float(column) * 80 + Float(row % 2) * 40, Float(row) * 46)
                fill(
                    .rect(x, y, 78, 66, radius: 26),
                    Paint.gradient(Colour(168, 82, 58), (x, y), Colour(106, 46, 34), (x, y + 70)).mottled(0.3, size: 9))
            }
        }
        let channel = Shape.rect(-20, 212, 690, 44, radius: 20)
        shadow(channel, dx: 0, dy: 16)
        fill(channel, .tube(Colour(142, 148, 150), from: 212, to: 256, upright: false))
        fill(.rect(500, 240, 42, 260), .tube(Colour(136, 142, 144), from: 500, to: 542, upright: true))
        for leaf in 0..<15 {
            let x = 190 + Float(leaf) * 17
            let height: Float = 210 - 8 * Noise.corner(Int32(leaf), 1, 2)
            fill(.ellipse(x, height, 14, 7), Colour(120 + Float(leaf % 4) * 22, 96, 40))
        }
        for stream in 0..<22 {
            let x = 200 + Float(stream) * 9
            let end: Shape.Point = (x - 8, 320 + 130 * Noise.corner(Int32(stream), 4, 2))
            fill(.line((x, 252), end, 3), Colour(220, 232, 240), soft: 3, opacity: 0.65)
        }
    }
}
