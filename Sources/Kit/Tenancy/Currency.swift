/// An ISO 4217 currency that money can be kept in.
public struct Currency: Sendable, Hashable {
    /// Three capital letters, e.g. "EUR".
    public let code: String
    /// Digits after the point: 2 for EUR, 0 for JPY, 3 for KWD.
    public let minorDigits: Int

    public init?(code: String) {
        guard let digits = Self.digits[code] else { return nil }
        self.code = code
        minorDigits = digits
    }

    static let codes = digits.keys.sorted()

    /// ISO 4217 list one without funds, metals and test codes.
    private static let digits: [String: Int] = {
        let none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
        let three = "BHD IQD JOD KWD LYD OMR TND"
        let two = """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP \
            CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS \
            INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN \
            MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE \
            SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW \
            ZWG
            """
        var digits: [String: Int] = [:]
        for (codes, count) in [(none, 0), (two, 2), (three, 3)] {
            for code in codes.split(separator: " ") { digits[String(code)] = count }
        }
        return digits
    }()
}

extension Schema where Value == Currency {
    static var currency: Schema {
        let text = Schema<String>.formatted(
            TextFormat(description: "an ISO 4217 code: three capital letters", pattern: "^[A-Z]{3}$") { text in
                text.utf8.count == 3 && text.utf8.allSatisfy { $0 >= 0x41 && $0 <= 0x5A }
            })
        return Schema(json: { _ in .object(["enum": .strings(Currency.codes)]) }) { node, reading in
            guard let code = text.read(node, &reading) else { return nil }
            if let currency = Currency(code: code) { return currency }
            reading.refuse(code, notIn: Currency.codes, "is not an ISO 4217 currency", at: node.position)
            return nil
        }
    }
}
