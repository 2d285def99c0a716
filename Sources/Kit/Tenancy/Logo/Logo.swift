/// A company's logo: SVG that was taken apart, checked against an allow-list and written anew, so that nothing but shapes,
/// colours and words is left. Serve it as `image/svg+xml` with `Content-Security-Policy: default-src 'none'`.
public struct Logo: Sendable {
    public static let maximumBytes = 64 * 1024

    /// Name of the file in the tenant's folder.
    public let fileName: String
    /// Our own writing of the picture, UTF-8.
    public let svg: [UInt8]
    /// 16 hex digits that change with the picture.
    public let revision: String

    /// Throws the first problem with its place in the SVG file.
    init(fileName: String, bytes: [UInt8], file: String) throws(TenantProblem) {
        do {
            svg = Array(try SVG.sanitised(bytes).utf8)
        } catch {
            throw TenantProblem(file: file, position: error.position, message: error.message)
        }
        self.fileName = fileName
        revision = Fingerprint.hex(svg)
    }
}
