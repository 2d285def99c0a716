import Foundation

/// Where a bucket is and how to sign for it.
public struct BucketSettings: Sendable {
    /// `https://s3.eu-central-1.amazonaws.com`, or an own server's address: scheme and host, perhaps a port.
    let scheme: String
    let authority: String
    let bucket: String
    let region: String
    let key: String
    let secret: String
    /// The bucket stands in the path instead of before the host; most servers that are not Amazon's want it so.
    let inPath: Bool

    /// Nil when the endpoint is more or less than scheme, host and port, or the bucket's name is none.
    public init?(endpoint: String, bucket: String, region: String, key: String, secret: String, inPath: Bool) {
        guard let url = URL(string: endpoint), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty, ["", "/"].contains(url.path), url.user == nil, url.query == nil
        else { return nil }
        guard bucket.wholeMatch(of: /[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]/) != nil else { return nil }
        self.scheme = scheme
        let isUsual = url.port == nil || url.port == (scheme == "https" ? 443 : 80)
        authority = isUsual ? host : "\(host):\(url.port ?? 0)"
        (self.bucket, self.region, self.key, self.secret, self.inPath) = (bucket, region, key, secret, inPath)
    }

    /// Host and path of something in the bucket; an empty name is the bucket itself.
    func place(_ name: String) -> (host: String, path: String) {
        inPath ? (authority, "/\(bucket)/\(name)") : ("\(bucket).\(authority)", "/\(name)")
    }
}
