import Foundation

/// An outline, as the signed distance to it in pixels (negative inside), and the box outside of which nothing of it lies.
///
/// Distances make soft edges and shadows cheap: how much of a pixel is covered follows from them (Quílez, "2D distance functions").
struct Shape {
    struct Box {
        var left: Float
        var top: Float
        var right: Float
        var bottom: Float

        func grown(_ by: Float) -> Box {
            Box(left: left - by, top: top - by, right: right + by, bottom: bottom + by)
        }
    }

    typealias Point = (x: Float, y: Float)

    let box: Box
    let distance: (Float, Float) -> Float

    static func rect(_ x: Float, _ y: Float, _ width: Float, _ height: Float, radius: Float = 0) -> Shape {
        let (halfWidth, halfHeight) = (width / 2 - radius, height / 2 - radius)
        let (centreX, centreY) = (x + width / 2, y + height / 2)
        return Shape(box: Box(left: x, top: y, right: x + width, bottom: y + height)) { px, py in
            let dx = abs(px - centreX) - halfWidth
            let dy = abs(py - centreY) - halfHeight
            if dx <= 0 || dy <= 0 { return (dx > dy ? dx : dy) - radius }
            return (dx * dx + dy * dy).squareRoot() - radius
        }
    }

    static func circle(_ x: Float, _ y: Float, _ radius: Float) -> Shape {
        Shape(box: Box(left: x - radius, top: y - radius, right: x + radius, bottom: y + radius)) { px, py in
            ((px - x) * (px - x) + (py - y) * (py - y)).squareRoot() - radius
        }
    }

    static func ellipse(_ x: Float, _ y: Float, _ radiusX: Float, _ radiusY: Float) -> Shape {
        let smaller = radiusX < radiusY ? radiusX : radiusY
        return Shape(box: Box(left: x - radiusX, top: y - radiusY, right: x + radiusX, bottom: y + radiusY)) { px, py in
            let (dx, dy) = ((px - x) / radiusX, (py - y) / radiusY)
            return ((dx * dx + dy * dy).squareRoot() - 1) * smaller
        }
    }

    static func line(_ from: Point, _ to: Point, _ width: Float) -> Shape {
        path([from, to], width)
    }

    /// A line through points, with round ends and corners.
    static func path(_ points: [Point], _ width: Float) -> Shape {
        let segments = zip(points, points.dropFirst()).map { Segment($0, $1) }
        return Shape(box: around(points).grown(width / 2)) { px, py in
            var nearest = Float.greatestFiniteMagnitude
            var index = 0
            while index < segments.count {
                let distance = segments[index].squaredDistance(px, py)
                if distance < nearest { nearest = distance }
                index += 1
            }
            return nearest.squareRoot() - width / 2
        }
    }

    /// The inside of a closed outline, also one that is not convex.
    static func polygon(_ points: [Point]) -> Shape {
        let closed = points + points.prefix(1)
        let segments = zip(closed, closed.dropFirst()).map { Segment($0, $1) }
        return Shape(box: around(points)) { px, py in
            var nearest = Float.greatestFiniteMagnitude
            var isInside = false
            var index = 0
            while index < segments.count {
                let segment = segments[index]
                let distance = segment.squaredDistance(px, py)
                if distance < nearest { nearest = distance }
                if segment.crosses(px, py) { isInside.toggle() }
                index += 1
            }
            return isInside ? -nearest.squareRoot() : nearest.squareRoot()
        }
    }

    /// What is left of this shape outside another.
    func without(_ other: Shape) -> Shape {
        let own = distance
        let cut = other.distance
        return Shape(box: box) { px, py in
            let (inside, outside) = (own(px, py), -cut(px, py))
            return inside > outside ? inside : outside
        }
    }

    /// Only its edge, `width` pixels wide.
    func outline(_ width: Float) -> Shape {
        let own = distance
        return Shape(box: box.grown(width / 2)) { px, py in abs(own(px, py)) - width / 2 }
    }

    private static func around(_ points: [Point]) -> Box {
        Box(
            left: points.map(\.x).min() ?? 0, top: points.map(\.y).min() ?? 0, right: points.map(\.x).max() ?? 0,
            bottom: points.map(\.y).max() ?? 0)
    }
}

private struct Segment {
    let x: Float
    let y: Float
    let dx: Float
    let dy: Float
    let squaredLength: Float

    init(_ from: Shape.Point, _ to: Shape.Point) {
        (x, y, dx, dy) = (from.x, from.y, to.x - from.x, to.y - from.y)
        squaredLength = dx * dx + dy * dy + 0.000_1
    }

    func squaredDistance(_ px: Float, _ py: Float) -> Float {
        let (ax, ay) = (px - x, py - y)
        var along = (ax * dx + ay * dy) / squaredLength
        along = along < 0 ? 0 : along > 1 ? 1 : along
        let (ex, ey) = (ax - dx * along, ay - dy * along)
        return ex * ex + ey * ey
    }

    /// Whether a ray from the point to the right meets it.
    func crosses(_ px: Float, _ py: Float) -> Bool {
        (y > py) != (y + dy > py) && px < dx * (py - y) / dy + x
    }
}
