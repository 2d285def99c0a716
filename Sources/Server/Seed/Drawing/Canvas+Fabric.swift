extension Canvas {
    func crackedWall(_ isMended: Bool) {
        wall(Colour(226, 220, 204), seed: 31)
        fill(.rect(-9, -9, 210, 250), .gradient(Colour(178, 208, 232), (0, 0), Colour(222, 234, 240), (0, 240)))
        fill(Shape.rect(-30, -30, 232, 272).outline(26), .gradient(Colour(grey: 250), (0, 0), Colour(grey: 218), (200, 240)))
        fill(.rect(-9, 246, 236, 18, radius: 3), Colour(grey: 240))
        shadow(.rect(-9, 246, 236, 18), dx: 4, dy: 12)
        guard !isMended else {
            fill(.path([(214, 240), (330, 170), (470, 90), (560, -10)], 60), Colour(240, 238, 230), soft: 44, opacity: 0.75)
            return
        }
        let crack: [Shape.Point] = [
            (214, 236), (244, 226), (262, 196), (300, 190), (322, 158), (356, 150), (372, 124), (420, 108), (436, 78), (486, 60),
            (504, 26), (556, -10)
        ]
        fill(.path(crack.map { ($0.x + 2, $0.y + 3) }, 9), Colour(250, 248, 240), soft: 5, opacity: 0.7)
        fill(.path(crack, 5), Colour(52, 44, 36), soft: 2)
        fill(.path([(322, 158), (340, 188), (334, 220), (352, 252)], 2.6), Colour(70, 60, 50), soft: 2)
        fill(.path([(420, 108), (452, 122), (470, 150)], 2), Colour(80, 70, 60), soft: 2)
        fill(
            .polygon([(258, 192), (300, 184), (310, 204), (282, 222), (262, 212)]),
            Paint.flat(Colour(176, 156, 130)).mottled(0.6, size: 8), soft: 2)
        scatter(8, seed: 3) { across, down, _ in fill(.circle(250 + 100 * across, 246 + 10 * down, 3), Colour(196, 184, 164)) }
    }

    func mould(_ isMended: Bool) {
        fill(
            .rect(-9, -9, 340, 500),
            Paint.gradient(Colour(220, 216, 204), (0, 0), Colour(196, 192, 182), (330, 0)).mottled(0.08, size: 40))
        fill(
            .rect(330, -9, 320, 500),
            Paint.gradient(Colour(186, 182, 172), (330, 0), Colour(216, 212, 202), (640, 0)).mottled(0.08, size: 40))
        fill(.line((330, -9), (330, 430), 3), .black, soft: 8, opacity: 0.4)
        if !isMended { mouldSpots() }
        fill(
            .polygon([(-9, 450), (330, 420), (650, 452), (650, 490), (-9, 490)]),
            Paint.flat(Colour(150, 116, 84)).mottled(0.3, size: 14))
        fill(.path([(-9, 438), (330, 408), (650, 440)], 26), Colour(grey: 238))
        fill(.path([(-9, 452), (330, 422), (650, 454)], 3), .black, soft: 4, opacity: 0.5)
    }

    /// Dense in the corner, thinner further out.
    private func mouldSpots() {
        scatter(230, seed: 11) { across, down, index in
            let side: Float = index % 2 == 0 ? -230 : 230
            let size: Float = 2 + 12 * Noise.corner(index, 3, 11) * (1 - across)
            let (x, y) = (330 + side * across * across, 400 - 330 * down * down)
            fill(.circle(x, y, size), Colour(38, 44, 38), soft: size * 1.2 + 1, opacity: 0.55)
        }
        fill(.ellipse(330, 380, 150, 90), Colour(70, 74, 58), soft: 130, opacity: 0.5)
    }

    func window(_ isMended: Bool) {
        wall(Colour(206, 200, 188), seed: 35)
        shadow(.rect(90, 20, 460, 400), dx: 8, dy: 14)
        fill(.rect(90, 20, 460, 400), .gradient(Colour(grey: 252), (90, 20), Colour(grey: 214), (550, 420)))
        for x in [Float(118), 334] {
            fill(.rect(x, 48, 188, 344), .gradient(Colour(150, 190, 226), (0, 48), Colour(224, 234, 236), (0, 300)))
            let trees: [Shape.Point] = [(x, 330), (x + 60, 280), (x + 120, 310), (x + 188, 270), (x + 188, 392), (x, 392)]
            fill(.polygon(trees), Paint.flat(Colour(104, 134, 96)).mottled(0.5, size: 12))
            let shine: [Shape.Point] = [(x + 20, 48), (x + 70, 48), (x + 10, 200), (x, 200), (x, 100)]
            fill(.polygon(shine), .white, soft: 12, opacity: 0.3)
            fill(Shape.rect(x, 48, 188, 344).outline(5), Colour(grey: 170), soft: 3, opacity: 0.7)
        }
        fill(.rect(310, 200, 20, 70, radius: 8), .tube(Colour(grey: 200), from: 310, to: 330, upright: true))
        fill(.rect(60, 420, 520, 26, radius: 4), .gradient(Colour(grey: 250), (0, 420), Colour(grey: 196), (0, 446)))
        guard !isMended else { return }
        let centre: Shape.Point = (420, 180)
        for ray in 0..<11 {
            let angle: Float = Float(ray) / 11 * 6.283 + Noise.corner(Int32(ray), 1, 2)
            let half: Float = 30 + 65 * Noise.corner(Int32(ray), 2, 2)
            let (dx, dy) = (Wave.cosine(angle) * half, Wave.sine(angle) * half)
            let middle: Shape.Point = (centre.x + dx + 6, centre.y + dy)
            let end: Shape.Point = (centre.x + dx * 2 - dy * 0.2, centre.y + dy * 2 + dx * 0.2)
            let inside = Shape.path([centre, middle, end], 1.8).without(
                Shape.rect(-999, -999, 3_000, 3_000).without(.rect(334, 48, 188, 344)))
            fill(inside, .white, soft: 2)
        }
        fill(.polygon([(404, 172), (424, 164), (438, 180), (426, 198), (408, 192)]), Colour(60, 70, 76))
    }

    func brokenTile(_ isMended: Bool) {
        tiles(Colour(224, 226, 220), size: 104, joint: Colour(grey: isMended ? 176 : 150))
        guard !isMended else { return }
        let hole = Shape.rect(229.5, 219.5, 101, 101)
        fill(hole, Paint.gradient(Colour(150, 138, 120), (230, 220), Colour(122, 110, 94), (330, 320)).mottled(0.5, size: 9))
        for ridge in 0..<6 {
            let y = 226 + Float(ridge) * 15
            let bow: [Shape.Point] = [(236, y + 6), (280, y), (324, y + 8)]
            fill(.path(bow, 3), Colour(176, 164, 144), soft: 3)
        }
        fill(hole.outline(4), .black, soft: 5, opacity: 0.5)
        let piece = Shape.polygon([(333, 219), (400, 217), (434, 260), (420, 318), (333, 321)])
        fill(piece, .gradient(Colour(grey: 232), (340, 220), Colour(grey: 196), (430, 320)))
        fill(.path([(400, 217), (434, 260), (420, 318)], 3), Colour(60, 54, 48), soft: 2)
        fill(.path([(434, 260), (392, 276), (350, 262)], 2), Colour(70, 64, 58), soft: 2)
        fill(.rect(-9, 430, 660, 60), .gradient(Colour(grey: 252), (0, 430), Colour(grey: 208), (0, 480)))
        fill(.rect(-9, 426, 660, 5), .black, soft: 6, opacity: 0.4)
        let shard = Shape.polygon([(246, 398), (330, 384), (350, 424), (262, 440)])
        shadow(shard, dx: 5, dy: 8, soft: 12)
        fill(shard, .gradient(Colour(grey: 244), (250, 390), Colour(grey: 200), (350, 430)))
    }

    func graffiti(_ isMended: Bool) {
        background(Paint.gradient(Colour(214, 196, 162), (0, 0), Colour(184, 164, 132), (640, 480)).mottled(0.16, size: 10))
        fill(.rect(470, 90, 180, 350), .gradient(Colour(72, 86, 82), (470, 0), Colour(50, 60, 58), (640, 0)))
        fill(Shape.rect(470, 90, 190, 350).outline(14), Colour(grey: 206))
        fill(.rect(500, 120, 120, 130), .gradient(Colour(150, 176, 190), (500, 120), Colour(96, 118, 130), (620, 250)))
        fill(.circle(494, 280, 9), Colour(grey: 220))
        fill(.rect(-9, 436, 660, 60), Paint.flat(Colour(grey: 128)).mottled(0.25, size: 8))
        guard !isMended else {
            fill(.rect(20, 140, 400, 220, radius: 30), Colour(216, 200, 168), soft: 50, opacity: 0.6)
            return
        }
        let tag: [Shape.Point] = [
            (50, 330), (80, 180), (130, 300), (170, 170), (196, 320), (250, 200), (236, 320), (310, 180), (330, 300), (420, 210)
        ]
        fill(.path(tag, 44), Colour(40, 90, 190), soft: 12, opacity: 0.9)
        fill(.path(tag, 26), Colour(230, 70, 130), soft: 6)
        fill(.path(tag.map { ($0.x - 3, $0.y - 5) }, 6), .white, soft: 4, opacity: 0.8)
        fill(.path([(40, 372), (200, 386), (430, 356)], 10), Colour(grey: 20), soft: 4)
        for drip in 0..<9 {
            let x = 70 + Float(drip) * 38
            let low: Float = 340 + 70 * Noise.corner(Int32(drip), 5, 5)
            fill(.line((x, 310), (x, low), 4), Colour(40, 90, 190), soft: 3, opacity: 0.85)
        }
    }

    func bins(_ isMended: Bool) {
        background(Paint.gradient(Colour(180, 176, 166), (0, 0), Colour(150, 146, 138), (0, 300)).mottled(0.2, size: 26))
        fill(
            .rect(-9, 330, 660, 160),
            Paint.gradient(Colour(grey: 118), (0, 330), Colour(grey: 150), (0, 480)).mottled(0.28, size: 8))
        for (index, colour) in [Colour(54, 92, 60), Colour(40, 74, 132), Colour(196, 160, 40)].enumerated() {
            bin(70 + Float(index) * 180, colour, isFull: !isMended, Int32(index))
        }
        guard !isMended else { return }
        for bag in 0..<4 {
            let x: Float = 80 + Float(bag) * 150
            let y: Float = 420 + 18 * Noise.corner(Int32(bag), 1, 8)
            let grey = 30 + Float(bag % 2) * 150
            fill(.ellipse(x + 6, y + 34, 60, 12), .black, soft: 14, opacity: 0.5)
            fill(
                .ellipse(x, y, 58, 42),
                Paint.glow(Colour(grey: grey + 60), Colour(grey: grey), x - 20, y - 18, 80).mottled(0.8, size: 12))
            let knot: [Shape.Point] = [(x - 8, y - 56), (x + 14, y - 56), (x + 10, y - 34), (x - 8, y - 34)]
            fill(.polygon(knot), Colour(grey: grey + 30))
        }
    }

    private func bin(_ x: Float, _ colour: Colour, isFull: Bool, _ index: Int32) {
        let sides: [Shape.Point] = [(x, 160), (x + 140, 160), (x + 126, 390), (x + 14, 390)]
        let body = Shape.polygon(sides)
        shadow(body)
        fill(body, .tube(colour, from: x, to: x + 140, upright: true))
        for wheel in [x + 26, x + 114] { fill(.circle(wheel, 394, 15), Colour(grey: 24)) }
        if isFull {
            for item in Int32(0)..<7 {
                rubbish(x + 20 + Float(item % 4) * 32, Noise.corner(item, index, 6), tint: Noise.corner(item, index, 9))
            }
            let lid: [Shape.Point] = [(x - 6, 84), (x + 130, 20), (x + 140, 36), (x + 2, 102)]
            fill(.polygon(lid), .gradient(colour.lit(1.2), (x, 60), colour.lit(0.6), (x + 10, 100)))
        } else {
            fill(.rect(x - 6, 142, 152, 24, radius: 10), .gradient(colour.lit(1.3), (0, 142), colour.lit(0.7), (0, 166)))
        }
    }

    private func rubbish(_ x: Float, _ height: Float, tint: Float) {
        let y = 142 - 34 * height
        let colour = Colour(120 + 130 * tint, 190 - 60 * tint, 120)
        fill(.ellipse(x, y, 30, 26), Paint.glow(colour, Colour(grey: 70), x - 8, y - 8, 44).mottled(0.6, size: 7))
    }

    func hedge() {
        background(.gradient(Colour(150, 190, 224), (0, 0), Colour(214, 228, 236), (0, 260)))
        fill(
            .rect(-9, 360, 660, 130),
            Paint.gradient(Colour(grey: 150), (0, 360), Colour(grey: 180), (0, 480)).mottled(0.2, size: 12))
        let outline = Shape.rect(-40, 90, 610, 330, radius: 60)
        let rough = Shape(box: outline.box.grown(60)) { outline.distance($0, $1) + (Noise.at($0 / 28, $1 / 28, 2) - 0.5) * 70 }
        fill(rough, Paint.gradient(Colour(74, 120, 52), (0, 80), Colour(30, 62, 28), (0, 420)).mottled(1.1, size: 11), soft: 3)
        for twig in 0..<34 {
            let x = Float(twig) * 17
            let top: Float = 90 - 60 * Noise.corner(Int32(twig), 1, 1)
            fill(.line((x, 150), (x + 10, top), 4), Colour(70, 110, 48), soft: 2)
            fill(.ellipse(x + 10, top - 2, 9, 14), Colour(96, 148, 62), soft: 2)
        }
        fill(.rect(592, 120, 12, 250), .tube(Colour(grey: 150), from: 592, to: 604, upright: true))
        fill(.circle(598, 120, 42), Colour(200, 40, 34))
        fill(.circle(598, 120, 32), .white)
        fill(.rect(-9, 418, 660, 10), Colour(grey: 120))
    }
}
