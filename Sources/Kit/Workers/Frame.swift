/// What server and workers say to each other starts with numbers: 32 bits each, little-endian.
public enum Frame {
    public static func numbers(_ values: [Int]) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: UInt32(clamping: value).littleEndian) { Array($0) } }
    }

    public static func numbers(from bytes: [UInt8]) -> [Int] {
        stride(from: 0, to: bytes.count - 3, by: 4).map { place in
            bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
