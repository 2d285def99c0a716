import Crypto
import Foundation
import Testing
import Tokens

@testable import Push

@Suite("What a browser is sent, only that browser reads")
struct PushEncryptionTests {
    @Test("RFC 8188, 3.1: the example comes out to the byte")
    func contentCoding() throws {
        let key = SymmetricKey(data: try #require(Base64URL.decode("yqdlZ-tYemfogSmv7Ws5PQ")))
        let salt = try #require(Base64URL.decode("I1BsxtFttlv3u_Oo94xnmw"))
        let sealed = try EncryptedContent.seal(Array("I am the walrus".utf8), paddedTo: 0, key: key, salt: salt, keyID: [])
        #expect(Base64URL.encode(sealed) == "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg")
    }

    @Test("RFC 8291, 5 and appendix A: the example comes out to the byte")
    func message() throws {
        let keys = try #require(
            WebPushKeys(
                p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                auth: "BTBZMqHH6r4Tts7J_aSIgg"))
        let own = try P256.KeyAgreement.PrivateKey(
            rawRepresentation: try #require(Base64URL.decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")))
        let text = Array("When I grow up, I want to be a watermelon".utf8)
        let sealed = try WebPushMessage.encrypt(
            text, for: keys, from: own, salt: try #require(Base64URL.decode("DGv6ra1nlYgDCS1FRnbzlw")), paddedTo: 0)
        #expect(
            Base64URL.encode(sealed)
                == "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
                + "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
    }

    @Test("Two messages of one text share no byte that matters, are as long as others of their size, and fit into 4096 bytes")
    func lengths() throws {
        let device = PushDevice()
        let (short, longer) = (Array("yes".utf8), Array(String(repeating: "no ", count: 300).utf8))
        let keys = try device.keys
        let (one, two) = (try WebPushMessage.encrypt(short, for: keys), try WebPushMessage.encrypt(short, for: keys))
        #expect(one.prefix(16) != two.prefix(16) && one.dropFirst(21).prefix(65) != two.dropFirst(21).prefix(65))
        #expect(one.count == two.count)
        #expect(try WebPushMessage.encrypt(longer, for: keys).count == one.count)
        #expect(try device.open(one) == "yes")
        let longest = [UInt8](repeating: 65, count: WebPushMessage.mostBytes)
        let sealed = try WebPushMessage.encrypt(longest, for: keys)
        #expect(sealed.count == 4096)
        #expect(try device.open(sealed).count == longest.count)
        #expect(throws: PushFailure.self) { try WebPushMessage.encrypt(longest + [65], for: keys) }
    }

    @Test("Keys that are none are refused", arguments: ["", "AAAA", String(repeating: "A", count: 87), "BCVxsr7N=="])
    func keys(_ text: String) {
        #expect(WebPushKeys(p256dh: text, auth: "BTBZMqHH6r4Tts7J_aSIgg") == nil)
    }

    @Test("A secret text always gives the same key, another one another, and what is none gives none")
    func vapidKeys() throws {
        let text = String(repeating: "5b", count: 64)
        let key = try #require(VAPIDKey(text))
        #expect(key.publicText == VAPIDKey(text)?.publicText && key.publicText.count == 87)
        #expect(key.publicText != VAPIDKey(String(repeating: "5c", count: 64))?.publicText)
        #expect(VAPIDKey("short") == nil && VAPIDKey(String(repeating: "xy", count: 64)) == nil)
        let own = P256.Signing.PrivateKey()
        #expect(VAPIDKey(own.pemRepresentation)?.publicText == Base64URL.encode(Array(own.publicKey.x963Representation)))
    }

    @Test("RFC 8292: the token is for the service's origin alone, for less than a day, and signed with the key beside it")
    func vapid() throws {
        let key = try #require(VAPIDKey(String(repeating: "5b", count: 64)))
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let value = try VAPID(key, contact: "mailto:a@b.test").authorization(for: "https://push.test", now: now)
        let match = try #require(value.wholeMatch(of: /vapid t=([^.]+)\.([^.]+)\.([^,]+), k=(.+)/))
        #expect(match.4 == key.publicText)
        let said = Data(try #require(Base64URL.decode(match.2)))
        let claims = try #require(try JSONSerialization.jsonObject(with: said) as? [String: Any])
        #expect(claims["aud"] as? String == "https://push.test" && claims["sub"] as? String == "mailto:a@b.test")
        let life = try #require(claims["exp"] as? Int) - 1_800_000_000
        #expect(life > 0 && life <= 86_400)
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: try #require(Base64URL.decode(match.3)))
        #expect(key.key.publicKey.isValidSignature(signature, for: Data("\(match.1).\(match.2)".utf8)))
    }

    @Test("The origin of an address is scheme, host and an unusual port")
    func origins() {
        #expect(WebPush.origin(of: "https://Push.test/a?b") == "https://push.test")
        #expect(WebPush.origin(of: "https://push.test:443/a") == "https://push.test")
        #expect(WebPush.origin(of: "https://push.test:8443/a") == "https://push.test:8443")
        #expect(WebPush.origin(of: "https://me:word@push.test/") == nil && WebPush.origin(of: "ftp://push.test/") == nil)
    }
}
