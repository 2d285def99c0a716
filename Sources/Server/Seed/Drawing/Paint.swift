import Foundation

/// The colour of each place of a shape.
struct Paint {
    let colour: (Float, Float) -> Colour

    static func flat(_ colour: Colour) -> Paint {
        Paint { _, _ in colour }
    }

    /// From the first colour at one place to the second at the other; beyond them it stays.
    static func gradient(_ first: Colour, _ from: Shape.Point, _ second: Colour, _ to: Shape.Point) -> Paint {
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let length = dx * dx + dy * dy
        return Paint { x, y in
            let share = ((x - from.x) * dx + (y - from.y) * dy) / length
            return first.mixed(with: second, share < 0 ? 0 : share > 1 ? 1 : share)
        }
    }

    /// Light on a round bar that lies across: bright near one side, dark at both edges.
    static func tube(_ colour: Colour, from low: Float, to high: Float, upright: Bool) -> Paint {
        Paint { x, y in
            let place = ((upright ? x : y) - low) / (high - low)
            let bright = 1 - (place - 0.35) * (place - 0.35) * 1.9
            return colour.lit(bright < 0.3 ? 0.3 : bright)
        }
    }

    static func glow(_ inner: Colour, _ outer: Colour, _ x: Float, _ y: Float, _ radius: Float) -> Paint {
        Paint { px, py in
            let share = ((px - x) * (px - x) + (py - y) * (py - y)).squareRoot() / radius
            return inner.mixed(with: outer, share > 1 ? 1 : share)
        }
    }

    /// The same with blotches of light and dark, `size` pixels wide.
    func mottled(_ amount: Float, size: Float, seed: UInt32 = 1) -> Paint {
        let own = colour
        return Paint { x, y in own(x, y).lit(1 + (Noise.at(x / size, y / size, seed) - 0.5) * amount) }
    }
}

/// Smooth noise between 0 and 1, the same for the same place and seed.
enum Noise {
    static func at(_ x: Float, _ y: Float, _ seed: UInt32) -> Float {
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        let (column, row) = (Int32(left), Int32(top))
        let (fx, fy) = (x - left, y - top)
        let (sx, sy) = (fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy))
        let upper = corner(column, row, seed) * (1 - sx) + corner(column &+ 1, row, seed) * sx
        let lower = corner(column, row &+ 1, seed) * (1 - sx) + corner(column &+ 1, row &+ 1, seed) * sx
        return upper * (1 - sy) + lower * sy
    }

    static func corner(_ column: Int32, _ row: Int32, _ seed: UInt32) -> Float {
        var mixed = UInt32(bitPattern: column) &* 0x9E37_79B1 ^ UInt32(bitPattern: row) &* 0x85EB_CA77 ^ seed &* 0xC2B2_AE3D
        mixed = (mixed ^ (mixed >> 15)) &* 0x2C1B_3C6D
        mixed = (mixed ^ (mixed >> 12)) &* 0x297A_2D39
        return Float((mixed ^ (mixed >> 15)) & 0xFFFF) / 65_535
    }
}
