import Foundation

/// Sine and cosine in single precision, under names that read well in the drawings.
enum Wave {
    static func sine(_ angle: Float) -> Float { sinf(angle) }
    static func cosine(_ angle: Float) -> Float { cosf(angle) }
}
