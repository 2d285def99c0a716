import Foundation
import Testing

@testable import Storage

/// The figures of "Examples: Signature Calculations" in Amazon's S3 reference, "Authenticating Requests (AWS Signature Version 4)".
@Suite("Signature Version 4, by Amazon's own examples")
struct SignatureTests {
    let signature = SignatureV4(
        key: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1")
    let time = Date(timeIntervalSince1970: 1_369_353_600)  // 24 May 2013, 00:00 GMT
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func sign(
        _ method: String, _ path: String, _ query: [(String, String)] = [], _ more: [(String, String)] = [],
        _ payload: String? = nil
    ) -> String {
        let payload = payload ?? nothing
        let fields =
            [
                ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", payload),
                ("x-amz-date", SignatureV4.stamp(time))
            ]
            + more
        return signature.authorization(method, path: path, query: query, fields: fields, payload: payload, at: time)
    }

    @Test("GET of an object, with a range")
    func get() {
        #expect(
            sign("GET", "/test.txt", [], [("Range", "bytes=0-9")])
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test("PUT of an object whose name needs encoding")
    func put() {
        let payload = SignatureV4.hash(Array("Welcome to Amazon S3.".utf8))
        #expect(payload == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
        let more = [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")]
        #expect(
            sign("PUT", "/" + SignatureV4.encode("test$file.text"), [], more, payload).hasSuffix(
                "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test("GET of a bucket's lifecycle and of its list")
    func queries() {
        #expect(
            sign("GET", "/", [("lifecycle", "")]).hasSuffix(
                "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
        #expect(
            sign("GET", "/", [("prefix", "J"), ("max-keys", "2")]).hasSuffix(
                "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test("an address is a scheme and a host; the bucket stands before the host or in the path")
    func places() throws {
        func settings(_ endpoint: String, _ bucket: String = "photos", inPath: Bool = true) -> BucketSettings? {
            BucketSettings(endpoint: endpoint, bucket: bucket, region: "r", key: "k", secret: "s", inPath: inPath)
        }
        let own = try #require(settings("http://minio.internal:9000"))
        #expect(own.place("t1/x") == ("minio.internal:9000", "/photos/t1/x"))
        let amazon = try #require(settings("https://s3.eu-central-1.amazonaws.com:443/", inPath: false))
        #expect(amazon.place("t1/x") == ("photos.s3.eu-central-1.amazonaws.com", "/t1/x"))
        for endpoint in ["", "s3.amazonaws.com", "ftp://x", "https://", "https://a/b", "https://u@a", "https://a/?x=1"] {
            #expect(settings(endpoint) == nil, "\(endpoint)")
        }
        for bucket in ["", "a", "Photos", "a/b", "../x", "a b"] { #expect(settings("https://a", bucket) == nil, "\(bucket)") }
    }
}
