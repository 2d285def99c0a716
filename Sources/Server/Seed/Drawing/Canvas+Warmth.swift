extension Canvas {
    func radiator() {
        wall(Colour(222, 214, 198))
        floor(Colour(150, 112, 78), from: 420)
        fill(.rect(96, -9, 448, 90), .gradient(Colour(196, 220, 238), (0, 0), Colour(228, 238, 244), (0, 80)))
        fill(.rect(70, 76, 500, 22, radius: 4), Colour(grey: 244))
        shadow(.rect(70, 76, 500, 22), dx: 0, dy: 14)
        let body = Shape.rect(110, 150, 420, 230, radius: 14)
        shadow(body, dx: 12, dy: 16)
        for rib in 0..<10 {
            let x = 112 + Float(rib) * 42
            fill(.rect(x, 146, 38, 238, radius: 16), .tube(Colour(grey: 248), from: x, to: x + 38, upright: true))
        }
        for pipe in [Float(150), 356] {
            fill(.rect(118, pipe, 404, 16, radius: 8), .tube(Colour(grey: 236), from: pipe, to: pipe + 16, upright: false))
        }
        fill(.rect(540, 344, 22, 90), .tube(Colour(188, 142, 96), from: 540, to: 562, upright: true))
        fill(.rect(526, 348, 66, 34, radius: 12), .tube(Colour(grey: 240), from: 348, to: 382, upright: false))
        for mark in 0..<5 { fill(.rect(548 + Float(mark) * 8, 352, 2.4, 26), Colour(grey: 150)) }
        fill(.ellipse(548, 440, 46, 9), Colour(92, 58, 34), soft: 10, opacity: 0.7)
        drop(551, 404, 6)
    }

    func boiler() {
        wall(Colour(206, 212, 214), seed: 6)
        let body = Shape.rect(196, 30, 248, 320, radius: 18)
        shadow(body, dx: 16, dy: 20)
        fill(body, .gradient(Colour(grey: 252), (200, 30), Colour(grey: 205), (440, 350)))
        fill(.rect(222, 262, 196, 66, radius: 8), Colour(44, 50, 56))
        fill(.rect(236, 274, 92, 42, radius: 4), .gradient(Colour(150, 190, 160), (0, 274), Colour(122, 160, 132), (0, 316)))
        write("E27", 246, 282, height: 26, Colour(12, 18, 14), pen: 0.18)
        write("BOILER 24 KW", 226, 140, height: 19, Colour(40, 46, 54))
        fill(.circle(362, 295, 17), .glow(Colour(grey: 200), Colour(grey: 90), 358, 290, 20))
        fill(.circle(400, 282, 6), .glow(Colour(255, 120, 90), Colour(190, 20, 10), 400, 282, 7))
        fill(.circle(400, 282, 16), Colour(255, 60, 40), soft: 22, opacity: 0.5)
        for pipe in 0..<5 {
            let x = 214 + Float(pipe) * 46
            let colour = pipe == 2 ? Colour(206, 170, 60) : Colour(190, 122, 82)
            fill(.rect(x, 350, 16, 140), .tube(colour, from: x, to: x + 16, upright: true))
            fill(.rect(x - 5, 372, 26, 18, radius: 4), .tube(colour.lit(0.85), from: x - 5, to: x + 21, upright: true))
        }
        fill(.rect(300, -9, 42, 44), .tube(Colour(grey: 220), from: 300, to: 342, upright: true))
        fill(.path([(222, 420), (226, 450), (221, 480)], 6), Colour(122, 74, 40), soft: 6, opacity: 0.7)
    }

    func thermostat() {
        wall(Colour(228, 222, 212), seed: 12)
        fill(.rect(-9, 214, 270, 52), .tube(Colour(grey: 226), from: 214, to: 266, upright: false))
        fill(.rect(226, 200, 60, 80, radius: 8), .tube(Colour(186, 190, 192), from: 200, to: 280, upright: false))
        let knob = Shape.rect(280, 150, 240, 180, radius: 40)
        shadow(knob, dx: 12, dy: 22)
        fill(knob, .tube(Colour(grey: 250), from: 150, to: 330, upright: false))
        for rib in 0..<9 { fill(.rect(380, 158 + Float(rib) * 19, 116, 5, radius: 2), Colour(grey: 150), opacity: 0.55) }
        fill(.rect(306, 176, 40, 130, radius: 10), Colour(grey: 236))
        for mark in 0..<5 {
            fill(.rect(314, 190 + Float(mark) * 25, 8 + Float(mark) * 5, 5), Colour(200 - Float(mark) * 10, 70, 50))
        }
        let gap = Shape.path([(388, 146), (402, 196), (390, 240), (410, 286), (398, 336)], 9)
        fill(gap, Colour(grey: 30), soft: 2)
        fill(.path([(394, 146), (408, 196), (396, 240), (416, 286), (404, 336)], 2), .white)
        let shard = Shape.polygon([(430, 400), (486, 386), (500, 420), (446, 432)])
        shadow(shard, dx: 4, dy: 6, soft: 10)
        fill(shard, .gradient(Colour(grey: 250), (430, 390), Colour(grey: 190), (500, 430)))
        fill(.rect(-9, 450, 660, 40), Paint.flat(Colour(160, 120, 84)).mottled(0.3, size: 16))
    }
}
