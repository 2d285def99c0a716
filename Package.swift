// swift-tools-version:6.1
// The architecture as one table. Arrows point down only: Server → Areas → Kit → System; the compiler enforces it.
import PackageDescription

// What a module of Kit may use. Kit knows no word of the domain.
let kit: [(name: String, uses: [Target.Dependency])] = [
    ("HTML", [.nio("NIOCore")]),
    ("Database", ["CPostgres", .crypto, .log]),
    ("Threads", []),
    ("Workers", ["CSpawn"]),
    ("Forms", ["Threads", .nio("NIOCore"), .crypto]),
    ("Tokens", ["Forms", .cryptoExtras]),
    ("WebAuthn", ["Forms", .cryptoExtras]),
    ("Tenancy", ["Threads", "Yams", .mustache, .log]),
    ("Passwords", ["Threads", "Workers", "CArgon2"]),
    ("Secrets", [.crypto]),
    ("Signing", ["COpenSSL"]),
    ("Archive", ["CArchive"]),
    ("PDF", ["Threads", "Workers", "CPango", "Signing"]),
    ("Mail", ["Threads", "CCurl"]),
    ("Markdown", ["CCmark", "HTML"]),
    ("QR", ["CQREncode"]),
    ("Images", ["Threads", "Workers", "CVips"]),
    ("OCR", ["Threads", "Workers", "CTesseract", "CVips"]),
    ("Outbound", ["Threads", .asyncHTTP, .nio("NIOCore"), .nio("NIOHTTP1"), .nio("NIOPosix"), .log]),
    ("Chat", ["Outbound"]),
    ("Push", ["Outbound", "Threads", "Tokens", .crypto, .cryptoExtras]),
    ("Storage", ["Outbound", "Threads", .crypto]),
    ("Jobs", ["Database", "Threads", .lifecycle, .log, .metrics]),
    ("UI", ["HTML"]),
    (
        "Web",
        [
            "CZlib", "Database", "Forms", "HTML", "Secrets", "Tenancy", "Threads", "Tokens", "UI", .hummingbird, .lifecycle,
            .crypto, .log, .metrics
        ]
    ),
    ("Live", ["Database", "Forms", "Secrets", "Threads", "Web", .nio("NIOCore"), .nio("NIOWebSocket"), .crypto, .lifecycle, .log])
]

// What an area may use besides all of Kit. Identity, Audit, Property and Notifications are base areas.
let areas: [(name: String, uses: [Target.Dependency])] = [
    ("Audit", [.crypto]),
    ("Identity", [.crypto, "Audit"]),
    ("Property", ["Audit", "Identity"]),
    ("Notifications", ["Audit", "Identity"]),
    ("Operations", ["Audit", "Identity", "Notifications"]),
    ("Platform", ["Audit", "Identity", "Notifications", "Operations"]),
    ("Setup", [.crypto, "Audit", "Identity", "Notifications"]),
    ("Arrival", [.crypto, "Audit", "Identity", "Property", "Notifications"]),
    ("Delegation", ["Audit", "Identity", "Property", "Notifications", "Arrival"]),
    ("Faults", ["Audit", "Identity", "Property", "Notifications", "Operations", "Setup", .crypto]),
    ("Messaging", ["Audit", "Identity", "Property", "Notifications", "Operations", "Faults"]),
    ("Votes", [.crypto, "Audit", "Identity", "Property", "Notifications", "Operations"]),
    ("Documents", ["Audit", "Identity", "Property", "Operations", "Faults"]),
    ("Announcements", ["Audit", "Identity", "Property", "Notifications", "Operations", "Faults", "Documents"]),
    ("Privacy", ["Audit", "Identity", "Property", "Notifications"]),
    ("OpenAPI", [.crypto])
]

let system: [(name: String, library: String?, debian: String)] = [
    ("CPostgres", "libpq", "libpq-dev"),
    ("CArgon2", "libargon2", "libargon2-dev"),
    ("CCmark", "libcmark", "libcmark-dev"),
    ("CCurl", "libcurl", "libcurl4-openssl-dev"),
    ("COpenSSL", "libcrypto", "libssl-dev"),
    ("CArchive", "libarchive", "libarchive-dev"),
    ("CPango", "pangocairo", "libpango1.0-dev"),
    ("CQREncode", "libqrencode", "libqrencode-dev"),
    ("CTesseract", "tesseract", "libtesseract-dev"),
    ("CVips", "vips", "libvips-dev"),
    ("CZlib", "zlib", "zlib1g-dev"),
    ("CMalloc", nil, "libc6-dev"),
    ("CSpawn", nil, "libc6-dev")
]

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]
let kitModules = kit.map { Target.Dependency(stringLiteral: $0.name) }
let areaModules = areas.map { Target.Dependency(stringLiteral: $0.name) }
let templates: [Target.PluginUsage] = ["CompileTemplates"]

let package = Package(
    name: "portico",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "portico", targets: ["portico"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2")
    ],
    targets: system.map {
        .systemLibrary(name: $0.name, path: "Sources/System/\($0.name)", pkgConfig: $0.library, providers: [.apt([$0.debian])])
    }
        + kit.map {
            .target(
                name: $0.name, dependencies: $0.uses, path: "Sources/Kit/\($0.name)", swiftSettings: strict,
                plugins: ["UI", "Web"].contains($0.name) ? templates : [])
        }
        + areas.map {
            .target(
                name: $0.name, dependencies: kitModules + $0.uses, path: "Sources/Areas/\($0.name)", swiftSettings: strict,
                plugins: templates)
        } + [
            .executableTarget(
                name: "portico", dependencies: kitModules + areaModules + ["CMalloc", .arguments, .nio("NIOPosix")],
                path: "Sources/Server", swiftSettings: strict),
            .executableTarget(
                name: "TemplateCompiler", dependencies: ["Yams"], path: "Sources/TemplateCompiler", swiftSettings: strict),
            .plugin(name: "CompileTemplates", capability: .buildTool(), dependencies: ["TemplateCompiler"]),
            .testTarget(
                name: "PorticoTests",
                dependencies: ["portico", "TemplateCompiler"] + kitModules + areaModules + [.hummingbird, .nio("NIOEmbedded")],
                path: "Tests/PorticoTests", exclude: ["Media/Fixtures"], swiftSettings: strict)
        ]
)

extension Target.Dependency {
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let asyncHTTP = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "_CryptoExtras", package: "swift-crypto")
    static let mustache = product(name: "Mustache", package: "swift-mustache")
    static let log = product(name: "Logging", package: "swift-log")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let arguments = product(name: "ArgumentParser", package: "swift-argument-parser")
    static func nio(_ name: String) -> Self { product(name: name, package: "swift-nio") }
    static func http(_ name: String) -> Self { product(name: name, package: "swift-http-types") }
}
