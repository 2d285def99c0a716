import Foundation

/// What a column of the file can mean.
enum ImportField: String, CaseIterable, Codable, Sendable {
    case building, street, city, entrance, unit, floor, area, person, email, role, share, since, until
    case postalCode = "postal_code"
    case unitKind = "unit_kind"

    /// In the order of the form.
    static let ordered: [ImportField] = [
        .building, .street, .postalCode, .city, .entrance, .unit, .floor, .unitKind, .area, .person, .email, .role, .share,
        .since,
        .until
    ]

    /// The headings that are taken for it, without accents, spaces and signs.
    private var headings: [String] {
        switch self {
        case .building: ["building", "buildingname", "house", "property", "gebaude", "gebaeude", "haus", "objekt", "liegenschaft"]
        case .street: ["street", "address", "strasse", "anschrift", "adresse", "strassehausnummer"]
        case .postalCode: ["postalcode", "postcode", "zip", "zipcode", "plz", "postleitzahl"]
        case .city: ["city", "town", "ort", "stadt"]
        case .entrance: ["entrance", "staircase", "eingang", "aufgang", "treppenhaus"]
        case .unit: ["unit", "unitlabel", "flat", "apartment", "unitnumber", "einheit", "wohnung", "wohnungsnummer", "whg", "we"]
        case .floor: ["floor", "level", "etage", "stock", "stockwerk", "geschoss"]
        case .unitKind: ["kind", "unitkind", "type", "unittype", "art", "einheitenart", "nutzung", "nutzungsart"]
        case .area:
            ["area", "size", "sqm", "aream2", "flache", "flaeche", "wohnflache", "wohnflaeche", "qm", "groesse", "grosse", "m2"]
        case .person: ["person", "name", "fullname", "residentname", "bewohnername", "vorundnachname", "vornamename"]
        case .email: ["email", "mail", "emailaddress", "emailadresse", "mailadresse"]
        case .role: ["role", "relation", "rolle", "verhaltnis", "verhaeltnis", "status"]
        case .share: ["share", "ownershipshare", "fraction", "anteil", "eigentumsanteil", "miteigentumsanteil", "mea"]
        case .since: ["since", "from", "startdate", "movein", "seit", "ab", "von", "beginn", "einzug"]
        case .until: ["until", "to", "enddate", "moveout", "bis", "ende", "auszug"]
        }
    }

    /// The column of each field, as far as its heading tells.
    static func guess(_ columns: [String]) -> [ImportField: Int] {
        var guess: [ImportField: Int] = [:]
        for (index, column) in columns.enumerated() {
            let plain = plain(column)
            guard let field = allCases.first(where: { $0.headings.contains(plain) }), guess[field] == nil else { continue }
            guess[field] = index
        }
        return guess
    }

    /// Lower case letters and digits alone: "E-Mail Adresse" is "emailadresse", "Gebäude" is "gebaude".
    static func plain(_ text: String) -> String {
        let folded = text.lowercased().replacing("ß", with: "ss").decomposedStringWithCanonicalMapping
        return String(
            String.UnicodeScalarView(
                folded.unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) }))
    }
}
