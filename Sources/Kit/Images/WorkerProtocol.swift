import Foundation
import Workers

/// What web process and worker say to each other: frames of numbers followed by bytes.
enum WorkerFrame {
    /// Bytes, pixels, side, two edges and quality, in this order; then the file.
    static func request(_ bytes: [UInt8], _ limits: PhotoLimits) -> [UInt8] {
        Frame.numbers([bytes.count, limits.bytes, limits.pixels, limits.side, limits.fullEdge, limits.thumbEdge, limits.quality])
            + bytes
    }

    static let requestNumbers = 7
    static let replyNumbers = 7

    static func limits(_ numbers: [Int]) -> PhotoLimits {
        var limits = PhotoLimits()
        guard numbers.count == requestNumbers else { return limits }
        (limits.bytes, limits.pixels, limits.side) = (numbers[1], numbers[2], numbers[3])
        (limits.fullEdge, limits.thumbEdge, limits.quality) = (numbers[4], numbers[5], numbers[6])
        return limits
    }

    /// Status, then width, height and length of both pictures, then their bytes.
    static func reply(_ result: Result<PreparedPhoto, PhotoError>) -> [UInt8] {
        switch result {
        case .success(let photo):
            let (full, thumb) = (photo.full, photo.thumb)
            return Frame.numbers([0, full.width, full.height, full.bytes.count, thumb.width, thumb.height, thumb.bytes.count])
                + full.bytes + thumb.bytes
        case .failure(let error): return Frame.numbers([status(error), 0, 0, 0, 0, 0, 0])
        }
    }

    static func error(_ status: Int) -> PhotoError {
        switch status {
        case 1: .notAnImage
        case 2: .tooLarge
        case 3: .damaged
        default: .unavailable("the worker answers \(status)")
        }
    }

    private static func status(_ error: PhotoError) -> Int {
        switch error {
        case .notAnImage: 1
        case .tooLarge: 2
        case .damaged: 3
        case .unavailable: 4
        }
    }
}
