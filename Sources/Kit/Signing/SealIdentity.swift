import COpenSSL
import Foundation

/// A private key on P-256 and the certificate that names whose it is. The certificate is signed by itself: whoever checks a signature
/// compares its fingerprint with one that they were told, or keeps the certificate from the first time.
public struct SealIdentity: Sendable {
    /// X.509 in DER.
    public let certificate: [UInt8]
    /// In DER; to be stored sealed.
    public let privateKey: [UInt8]

    public init(certificate: [UInt8], privateKey: [UInt8]) {
        (self.certificate, self.privateKey) = (certificate, privateKey)
    }

    /// A new key with its certificate.
    ///
    /// - Parameters:
    ///   - organisation: who signs; what is beyond 64 letters is cut off, because X.520 allows no more.
    ///   - purpose: what is signed, in words, as the certificate's common name.
    ///   - from: the certificate holds from then on.
    ///   - years: for how long, of 365 days.
    public static func make(organisation: String, purpose: String, from: Date, years: Int) throws -> SealIdentity {
        let key = try Held(portico_make_p256_key(), EVP_PKEY_free)
        let certificate = try Held(X509_new(), X509_free)
        let x509 = certificate.pointer
        let begin = Int(exactly: from.timeIntervalSince1970.rounded(.down)) ?? 0
        try check(X509_set_version(x509, 2))
        try check(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), UInt64.random(in: 1...UInt64(Int64.max))))
        try check(ASN1_TIME_set(X509_getm_notBefore(x509), begin) != nil)
        try check(ASN1_TIME_adj(X509_getm_notAfter(x509), begin, Int32(clamping: years.clamped(to: 1...50) * 365), 0) != nil)
        let name = X509_get_subject_name(x509)
        for (part, text) in [(NID_organizationName, organisation), (NID_commonName, purpose)] {
            let bytes = Array(String(text.unicodeScalars.prefix(64).map(Character.init)).utf8)
            try check(X509_NAME_add_entry_by_NID(name, part, MBSTRING_UTF8, bytes, Int32(clamping: bytes.count), -1, 0))
        }
        try check(X509_set_issuer_name(x509, name))
        try check(X509_set_pubkey(x509, key.pointer))
        let extensions = [
            (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature,nonRepudiation"),
            (NID_ext_key_usage, "emailProtection")
        ]
        for (kind, value) in extensions {
            let part = try Held(X509V3_EXT_conf_nid(nil, nil, kind, value), X509_EXTENSION_free)
            try check(X509_add_ext(x509, part.pointer, -1))
        }
        try check(X509_sign(x509, key.pointer, EVP_sha256()))
        return SealIdentity(
            certificate: try der { i2d_X509(x509, $0) }, privateKey: try der { i2d_PrivateKey(key.pointer, $0) })
    }

    /// A detached signature over a file's bytes as they are: CMS SignedData (RFC 5652) in DER with SHA-256, the certificate and the time.
    /// Reads the file piece by piece; blocks, so call it on a thread for that.
    public func sign(file path: String) throws -> [UInt8] {
        try sign(Held(BIO_new_file(path, "rb"), { _ = BIO_free($0) }))
    }

    /// The same over bytes in memory.
    public func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        try bytes.withUnsafeBytes { buffer in
            try sign(Held(BIO_new_mem_buf(buffer.baseAddress, Int32(clamping: buffer.count)), { _ = BIO_free($0) }))
        }
    }

    private func sign(_ content: Held) throws -> [UInt8] {
        let certificate = try Held(read(self.certificate) { d2i_X509(nil, $0, $1) }, X509_free)
        let key = try Held(read(privateKey) { d2i_AutoPrivateKey(nil, $0, $1) }, EVP_PKEY_free)
        let flags = UInt32(CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP)
        let signed = try Held(
            CMS_sign(certificate.pointer, key.pointer, nil, content.pointer, flags), CMS_ContentInfo_free)
        return try Self.der { i2d_CMS_ContentInfo(signed.pointer, $0) }
    }

    private func read<T>(_ bytes: [UInt8], _ body: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> T?) -> T? {
        bytes.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return body(&start, buffer.count)
        }
    }

    /// Both passes of an i2d function: how long, then the bytes.
    private static func der(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) throws -> [UInt8] {
        let length = Int(write(nil))
        guard length > 0 else { throw SigningError() }
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            var start = buffer.baseAddress
            filled = Int(write(&start)) == length ? length : 0
        }
    }
}

extension SealIdentity {
    /// The certificate as text for files.
    public var pem: String {
        let lines = Data(certificate).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n"
    }
}

/// What the library said when it refused.
public struct SigningError: Error, CustomStringConvertible {
    public let description: String

    init() {
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(ERR_get_error(), &text, text.count)
        ERR_clear_error()
        description = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// A thing of the library's that is freed with its holder.
private final class Held {
    let pointer: OpaquePointer
    private let free: (OpaquePointer) -> Void

    init(_ pointer: OpaquePointer?, _ free: @escaping (OpaquePointer) -> Void) throws {
        guard let pointer else { throw SigningError() }
        (self.pointer, self.free) = (pointer, free)
    }

    deinit { free(pointer) }
}

private func check(_ result: Int32) throws {
    guard result > 0 else { throw SigningError() }
}

private func check(_ holds: Bool) throws {
    guard holds else { throw SigningError() }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
