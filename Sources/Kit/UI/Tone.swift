/// How something stands, in the seven colours of the design; companies cannot change what they mean.
public enum Tone: String, Sendable, CaseIterable, Codable {
    case neutral, info, ok, warn, bad, note, brand
}

/// The shape before a badge's word, so that colour is never the only sign.
public enum Mark: String, Sendable, CaseIterable, Codable {
    case none, ring, half, dot, check, triangle, strike
}
