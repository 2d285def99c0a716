/// Pixels to draw on: 640 × 480, eight bits each of red, green and blue.
///
/// The loops run over raw memory with `while`: a debug build compiles those almost as well as a release build, and the demo
/// data is seeded by debug builds too.
final class Canvas {
    static let width = 640
    static let height = 480

    private let pixels: UnsafeMutablePointer<UInt8>
    private static let count = width * height * 3

    init() {
        pixels = .allocate(capacity: Self.count)
        pixels.initialize(repeating: 0, count: Self.count)
    }

    deinit {
        pixels.deallocate()
    }

    var bytes: [UInt8] {
        Array(UnsafeBufferPointer(start: pixels, count: Self.count))
    }

    // MARK: Drawing

    func background(_ paint: Paint) {
        fill(.rect(-9, -9, Float(Self.width) + 18, Float(Self.height) + 18), paint)
    }

    /// - Parameters:
    ///   - soft: width of the edge in pixels; 1 is sharp.
    ///   - opacity: from 0 to 1.
    func fill(_ shape: Shape, _ paint: Paint, soft: Float = 1, opacity: Float = 1) {
        let box = shape.box.grown(soft)
        let (left, right) = (Self.clamp(box.left, Self.width), Self.clamp(box.right + 1, Self.width))
        let (top, bottom) = (Self.clamp(box.top, Self.height), Self.clamp(box.bottom + 1, Self.height))
        var y = top
        while y < bottom {
            var x = left
            while x < right {
                let (px, py) = (Float(x) + 0.5, Float(y) + 0.5)
                let share = (0.5 - shape.distance(px, py) / soft) * opacity
                if share > 0 { blend(x, y, paint.colour(px, py), share < opacity ? share : opacity) }
                x += 1
            }
            y += 1
        }
    }

    func fill(_ shape: Shape, _ colour: Colour, soft: Float = 1, opacity: Float = 1) {
        fill(shape, .flat(colour), soft: soft, opacity: opacity)
    }

    /// A soft shadow below and to the right of the shape.
    func shadow(_ shape: Shape, dx: Float = 8, dy: Float = 10, soft: Float = 22, opacity: Float = 0.4) {
        let own = shape.distance
        let box = Shape.Box(
            left: shape.box.left + dx, top: shape.box.top + dy, right: shape.box.right + dx, bottom: shape.box.bottom + dy)
        fill(Shape(box: box) { own($0 - dx, $1 - dy) }, .black, soft: soft, opacity: opacity)
    }

    private func blend(_ x: Int, _ y: Int, _ colour: Colour, _ share: Float) {
        let place = pixels + (y * Self.width + x) * 3
        place[0] = Self.mixed(place[0], colour.red, share)
        place[1] = Self.mixed(place[1], colour.green, share)
        place[2] = Self.mixed(place[2], colour.blue, share)
    }

    private static func mixed(_ old: UInt8, _ new: Float, _ share: Float) -> UInt8 {
        let value = Float(old) + (new - Float(old)) * share
        return value <= 0 ? 0 : value >= 255 ? 255 : UInt8(value)
    }

    private static func clamp(_ value: Float, _ limit: Int) -> Int {
        value <= 0 ? 0 : value >= Float(limit) ? limit : Int(value)
    }

    // MARK: Looking like a photo

    /// A hand-held phone's view of what was drawn: closer or turned round, lighter or warmer, darker at the corners, grainy.
    /// - Parameter mayMirror: things without words look different from the other side.
    func photographed(angle: Int, seed: UInt32, mayMirror: Bool = true) -> [UInt8] {
        var view = CameraView.all[angle % CameraView.all.count]
        view.isMirrored = view.isMirrored && mayMirror
        let result = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.count)
        defer { result.deallocate() }
        var random = seed &* 2_654_435_769 | 1
        var target = result
        var y = 0
        while y < Self.height {
            let row = view.row(y) * Self.width
            let dy = (Float(y) - 240) / 400
            var x = 0
            while x < Self.width {
                random = random &* 1_664_525 &+ 1_013_904_223
                let dx = (Float(x) - 320) / 400
                let light = view.light * (1.06 - 0.3 * (dx * dx + dy * dy))
                let grain = Float(random >> 24) / 16 - 8
                let source = pixels + (row + view.column(x)) * 3
                target[0] = Self.mixed(0, Float(source[0]) * light * view.warmth + grain, 1)
                target[1] = Self.mixed(0, Float(source[1]) * light + grain, 1)
                target[2] = Self.mixed(0, Float(source[2]) * light / view.warmth + grain, 1)
                target += 3
                x += 1
            }
            y += 1
        }
        return Array(UnsafeBufferPointer(start: result, count: Self.count))
    }
}

/// Where the camera stands.
private struct CameraView: Sendable {
    let zoom: Float
    let left: Float
    let top: Float
    var isMirrored: Bool
    let light: Float
    let warmth: Float

    static let all = [
        CameraView(zoom: 1, left: 0, top: 0, isMirrored: false, light: 1, warmth: 1),
        CameraView(zoom: 0.72, left: 100, top: 70, isMirrored: false, light: 0.93, warmth: 1.05),
        CameraView(zoom: 0.9, left: 30, top: 20, isMirrored: true, light: 1.06, warmth: 0.98),
        CameraView(zoom: 0.8, left: 60, top: 60, isMirrored: true, light: 0.86, warmth: 1.09)
    ]

    func column(_ x: Int) -> Int {
        Int(left + Float(isMirrored ? Canvas.width - 1 - x : x) * zoom)
    }

    func row(_ y: Int) -> Int {
        Int(top + Float(y) * zoom)
    }
}
