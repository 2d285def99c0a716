import Images

/// Draws and develops the photos of the demo data.
struct Darkroom: Sendable {
    /// What this program drew itself needs no confined process.
    private let images = ImageWorkshop.inProcess()

    /// Every sketch as two JPEGs, full and thumbnail. Each picture is drawn once for all its angles; pictures are drawn side by side.
    func develop(_ sketches: Set<Sketch>) async throws -> [Sketch: PreparedPhoto] {
        let motifs = Dictionary(grouping: sketches) { Sketch(picture: $0.picture, angle: 0, isMended: $0.isMended) }
        return try await withThrowingTaskGroup(of: [(Sketch, PreparedPhoto)].self) { group in
            for (motif, angles) in motifs {
                group.addTask { try await shoot(motif, angles) }
            }
            return try await group.reduce(into: [:]) { prints, motif in
                for (sketch, photo) in motif { prints[sketch] = photo }
            }
        }
    }

    private func shoot(_ motif: Sketch, _ angles: [Sketch]) async throws -> [(Sketch, PreparedPhoto)] {
        var photos: [(Sketch, PreparedPhoto)] = []
        for (sketch, png) in exposures(motif, angles) { photos.append((sketch, try await images.prepare(png))) }
        return photos
    }

    /// The canvas stays within this function: it is not for sharing between tasks.
    private func exposures(_ motif: Sketch, _ angles: [Sketch]) -> [(Sketch, [UInt8])] {
        let canvas = motif.picture.drawn(isMended: motif.isMended)
        return angles.map { sketch in
            let seed = UInt32(truncatingIfNeeded: Dice.hash(sketch.picture.rawValue)) &+ UInt32(truncatingIfNeeded: sketch.angle)
            let pixels = canvas.photographed(angle: sketch.angle, seed: seed, mayMirror: sketch.picture.words == nil)
            return (sketch, PNG.encode(pixels, width: Canvas.width, height: Canvas.height))
        }
    }
}
