extension Canvas {
    func liftDoor() {
        wall(Colour(196, 188, 172), seed: 21)
        floor(Colour(112, 112, 116), from: 430)
        fill(.rect(128, 30, 340, 404), .gradient(Colour(grey: 96), (128, 0), Colour(grey: 140), (468, 0)))
        fill(.rect(150, 52, 296, 382), Colour(grey: 14))
        fill(.rect(270, 60, 60, 374), .gradient(Colour(grey: 60), (270, 60), Colour(grey: 26), (330, 430)))
        let steel = Colour(178, 182, 186)
        for (x, width) in [(Float(150), Float(132)), (326, 120)] {
            fill(
                .rect(x, 52, width, 382),
                Paint.gradient(steel.lit(1.15), (x, 0), steel.lit(0.72), (x + width, 0)).mottled(0.08, size: 3))
            fill(.rect(x + width - 4, 52, 4, 382), Colour(grey: 70))
        }
        fill(.polygon([(200, 250), (250, 240), (262, 330), (206, 338)]), .black, soft: 30, opacity: 0.16)
        let panel = Shape.rect(512, 190, 52, 112, radius: 6)
        shadow(panel)
        fill(panel, .gradient(Colour(grey: 210), (512, 190), Colour(grey: 140), (564, 300)))
        for y in [Float(220), 268] {
            fill(.circle(538, y, 15), .glow(Colour(grey: 250), Colour(grey: 150), 534, y - 4, 18))
            fill(Shape.circle(538, y, 15).outline(2), Colour(grey: 80))
        }
        fill(.rect(236, 4, 124, 24, radius: 4), Colour(grey: 20))
        for bar in 0..<3 { fill(.rect(280 + Float(bar) * 14, 9, 8, 14), Colour(240, 60, 30)) }
    }

    func liftPanel() {
        background(Paint.gradient(Colour(184, 188, 192), (0, 0), Colour(128, 132, 136), (640, 480)).mottled(0.1, size: 2.4))
        let plate = Shape.rect(190, 20, 260, 440, radius: 10)
        shadow(plate)
        fill(plate, Paint.gradient(Colour(grey: 214), (190, 20), Colour(grey: 160), (450, 460)).mottled(0.07, size: 2))
        fill(.rect(222, 44, 196, 70, radius: 6), Colour(18, 20, 24))
        for dot in 0..<3 { fill(.rect(296 + Float(dot) * 20, 66, 12, 26), Colour(255, 96, 40)) }
        for row in 0..<4 {
            for column in 0..<2 {
                let (x, y) = (270 + Float(column) * 100, 164 + Float(row) * 72)
                let isBroken = row == 1 && column == 1
                fill(.circle(x, y, 30), .glow(Colour(grey: 250), Colour(grey: 110), x - 6, y - 8, 40))
                fill(
                    .circle(x, y, 22),
                    isBroken ? .flat(Colour(grey: 24)) : .glow(Colour(255, 244, 200), Colour(grey: 188), x, y, 26))
                fill(.rect(x - 3, y - 9, 6, 18), Colour(grey: 60), opacity: isBroken ? 0 : 1)
                guard isBroken else { continue }
                let crack: [Shape.Point] = [(x - 12, y - 14), (x + 2, y - 2), (x - 4, y + 6), (x + 14, y + 14)]
                fill(.path(crack, 3), Colour(200, 150, 70))
            }
        }
        for (x, y) in [(Float(206), Float(36)), (434, 36), (206, 444), (434, 444)] { screw(x, y) }
    }

    func mailboxes() {
        wall(Colour(214, 202, 180), seed: 23)
        shadow(.rect(60, 50, 520, 370), dx: 10, dy: 16)
        for row in 0..<3 {
            for column in 0..<4 {
                let (x, y) = (60 + Float(column) * 130, 50 + Float(row) * 124)
                fill(
                    .rect(x, y, 126, 120, radius: 4),
                    Paint.gradient(Colour(206, 208, 210), (x, y), Colour(148, 152, 156), (x + 126, y + 120)).mottled(
                        0.06, size: 3))
                fill(.rect(x + 14, y + 16, 98, 14, radius: 4), Colour(grey: 24))
                fill(.rect(x + 14, y + 46, 60, 20), Colour(grey: 240))
                let length: Float = 30 + 18 * Noise.corner(Int32(column), Int32(row), 4)
                fill(.rect(x + 19, y + 54, length, 4), Colour(grey: 90))
                fill(.circle(x + 100, y + 86, 8), .glow(Colour(grey: 240), Colour(grey: 90), x + 98, y + 84, 10))
            }
        }
        fill(.rect(320, 174, 126, 120), Colour(grey: 18))
        fill(.polygon([(330, 232), (430, 222), (434, 286), (334, 288)]), Colour(238, 234, 222))
        let flap = Shape.polygon([(320, 290), (446, 292), (470, 360), (338, 362)])
        shadow(flap)
        fill(flap, .gradient(Colour(grey: 220), (320, 290), Colour(grey: 150), (460, 360)))
    }

    func stairs() {
        wall(Colour(216, 206, 186), seed: 25)
        for step in 0..<6 {
            let top = 120 + Float(step) * 62
            let left = 250 - Float(step) * 62
            fill(
                .rect(left, top, 660, 30),
                Paint.gradient(Colour(176, 172, 164), (0, top), Colour(204, 200, 192), (0, top + 30)).mottled(0.16, size: 7))
            fill(
                .rect(left, top + 30, 660, 34), .gradient(Colour(122, 118, 112), (0, top + 30), Colour(98, 94, 90), (0, top + 64))
            )
            fill(.rect(left, top + 28, 660, 3), Colour(grey: 226))
        }
        fill(
            .polygon([(196, 426), (262, 424), (284, 448), (240, 466), (206, 452)]),
            Paint.flat(Colour(84, 74, 64)).mottled(0.7, size: 6))
        fill(.path([(196, 426), (214, 440), (244, 436), (284, 448)], 3), Colour(grey: 50))
        scatter(9, seed: 3) { across, down, _ in
            fill(.circle(190 + 110 * across, 462 + 14 * down, 4), Colour(150, 140, 126))
        }
        for post in 0..<4 {
            let x = 330 + Float(post) * 90
            let height: Float = 150 + Float(3 - post) * 6
            fill(.rect(x, -9, 10, height), .tube(Colour(grey: 80), from: x, to: x + 10, upright: true))
        }
        fill(.line((120, 250), (420, -30), 20), Colour(122, 78, 46))
        fill(.line((120, 246), (420, -34), 6), Colour(176, 122, 78), soft: 4)
    }

    func doorLock() {
        background(Paint.gradient(Colour(132, 86, 54), (0, 0), Colour(98, 60, 38), (640, 0)).mottled(0.35, size: 26))
        for grain in 0..<16 {
            let x = Float(grain) * 42
            let line: [Shape.Point] = [(x, -9), (x + 14, 160), (x - 6, 330), (x + 10, 490)]
            fill(.path(line, 2), Colour(74, 44, 26), soft: 3, opacity: 0.5)
        }
        fill(.rect(520, -9, 130, 510), .gradient(Colour(232, 228, 220), (520, 0), Colour(198, 194, 188), (640, 0)))
        fill(.rect(508, -9, 14, 510), Colour(grey: 20))
        let plate = Shape.rect(300, 60, 110, 370, radius: 16)
        shadow(plate)
        fill(plate, Paint.gradient(Colour(222, 208, 164), (300, 60), Colour(150, 128, 78), (410, 430)).mottled(0.1, size: 4))
        let handle = Shape.path([(356, 150), (250, 152), (170, 160)], 34)
        shadow(handle, dx: 8, dy: 20)
        fill(handle, .tube(Colour(226, 208, 158), from: 134, to: 176, upright: false))
        fill(.circle(356, 150, 32), .glow(Colour(244, 230, 190), Colour(140, 116, 66), 346, 140, 40))
        fill(.circle(356, 300, 30), .glow(Colour(grey: 220), Colour(grey: 90), 348, 292, 40))
        fill(.rect(350, 284, 12, 32, radius: 3), Colour(grey: 16))
        fill(.polygon([(346, 296), (366, 292), (372, 304), (352, 310)]), Colour(grey: 196))
        for scratch in 0..<9 {
            let y = 336 + Float(scratch) * 8
            let start: Shape.Point = (322 + Float(scratch % 3) * 9, y)
            let end: Shape.Point = (388, y - 14 + Float(scratch % 4) * 7)
            fill(.line(start, end, 1.4), Colour(246, 236, 206), opacity: 0.8)
        }
        screw(356, 84)
        screw(356, 408)
    }

    func intercom() {
        background(Paint.gradient(Colour(150, 92, 70), (0, 0), Colour(120, 70, 54), (640, 480)).mottled(0.25, size: 12))
        for row in 0..<11 {
            fill(.rect(-9, Float(row) * 46, 660, 4), Colour(196, 184, 168), opacity: 0.85)
            for column in 0..<8 {
                let x: Float = Float(column) * 96 + Float(row % 2) * 48
                fill(.rect(x, Float(row) * 46, 4, 46), Colour(190, 178, 162), opacity: 0.85)
            }
        }
        let panel = Shape.rect(210, 30, 220, 420, radius: 10)
        shadow(panel, dx: 12, dy: 16)
        fill(panel, Paint.gradient(Colour(grey: 216), (210, 30), Colour(grey: 148), (430, 450)).mottled(0.07, size: 2.4))
        for row in 0..<5 {
            for column in 0..<9 where (row + column) % 2 == 0 {
                fill(.circle(248 + Float(column) * 18, 62 + Float(row) * 14, 3.4), Colour(grey: 30))
            }
        }
        for row in 0..<7 {
            let y = 152 + Float(row) * 40
            fill(.rect(232, y, 124, 28, radius: 3), row == 4 ? Colour(grey: 120) : Colour(250, 246, 226))
            let length: Float = 50 + 40 * Noise.corner(Int32(row), 1, 1)
            fill(.rect(240, y + 11, length, 5), Colour(grey: 70))
            fill(.circle(390, y + 14, 13), .glow(Colour(grey: 250), Colour(grey: 100), 386, y + 10, 17))
        }
        fill(.path([(214, 300), (280, 322), (330, 306), (424, 340)], 2.4), Colour(grey: 40))
    }

    func garageDoor() {
        background(Paint.gradient(Colour(196, 196, 192), (0, 0), Colour(160, 160, 158), (0, 480)).mottled(0.14, size: 20))
        fill(.rect(70, 70, 500, 350), Colour(grey: 16))
        fill(.rect(96, 300, 448, 120), .gradient(Colour(grey: 18), (0, 300), Colour(grey: 74), (0, 420)))
        for lamp in [Float(180), 320, 460] { fill(.ellipse(lamp, 300, 30, 6), Colour(236, 232, 200), soft: 10, opacity: 0.8) }
        for slat in 0..<6 {
            let y = 70 + Float(slat) * 34
            let sag = slat == 5 ? Float(26) : 0
            let low: Float = y + 32
            let corners: [Shape.Point] = [(70, y), (570, y), (570, low + sag), (70, low)]
            fill(.polygon(corners), .tube(Colour(112, 132, 146), from: y, to: y + 34, upright: false))
        }
        fill(.polygon([(300, 268), (372, 262), (384, 306), (312, 296)]), .black, soft: 16, opacity: 0.35)
        for x in [Float(54), 570] { fill(.rect(x, 56, 18, 364), .tube(Colour(grey: 150), from: x, to: x + 18, upright: true)) }
        fill(.rect(40, 36, 560, 34), .gradient(Colour(grey: 140), (0, 36), Colour(grey: 96), (0, 70)))
        fill(
            .rect(-9, 420, 660, 70), Paint.gradient(Colour(grey: 96), (0, 420), Colour(grey: 130), (0, 480)).mottled(0.3, size: 9)
        )
        for stripe in 0..<7 {
            let x = 44 + Float(stripe) * 80
            let corners: [Shape.Point] = [(x + 16, 422), (x + 52, 422), (x + 36, 438), (x, 438)]
            fill(.polygon(corners), Colour(222, 184, 40), opacity: 0.8)
        }
    }
}
