// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let concurrencyHelpers = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioFoundation = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

// The request's journey, read downwards; no arrow points up.
let package = Package(
  name: "crossfade",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "crossfade", targets: ["crossfade"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Pure: values in, values out.
    .target(name: "HTTPFraming", swiftSettings: house),
    .target(name: "Dialects", dependencies: ["HTTPFraming"], swiftSettings: house),
    .target(name: "Translation", dependencies: ["Dialects", "HTTPFraming"], swiftSettings: house),
    .target(name: "MediaJobs", dependencies: ["Dialects"], swiftSettings: house),
    .target(name: "TrafficSplit", dependencies: ["Dialects"], swiftSettings: house),
    .target(name: "Guards", dependencies: ["TrafficSplit"], swiftSettings: house),
    .target(name: "Vendors", dependencies: ["MediaJobs", "TrafficSplit", "Dialects"], swiftSettings: house),
    .target(name: "ResponseDiff", dependencies: ["Dialects"], swiftSettings: house),
    .target(
      name: "RolloutJudge",
      dependencies: ["Guards", "Vendors", "MediaJobs", "TrafficSplit", "ResponseDiff", "Dialects", realModule],
      swiftSettings: house),
    .target(
      name: "MigrationReport",
      dependencies: ["Guards", "RolloutJudge", "Vendors", "TrafficSplit", "ResponseDiff", "Dialects", realModule],
      swiftSettings: house),
    .target(name: "RolloutSteering", dependencies: ["RolloutJudge"], swiftSettings: house),
    .target(
      name: "RolloutSimulation",
      dependencies: ["RolloutSteering", "RolloutJudge", "MediaJobs", "TrafficSplit", "Dialects", realModule],
      swiftSettings: house),
    // Shells: sockets, files, clocks.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CCurl"),
    .target(
      name: "ArmProbe", dependencies: ["CCurl", "RolloutJudge", "Vendors", "MediaJobs", "TrafficSplit", "Dialects"],
      swiftSettings: house),
    .target(
      name: "PlaybookYAML",
      dependencies: [
        "RolloutJudge", "RolloutSimulation", "Guards", "Vendors", "MediaJobs", "ResponseDiff", "TrafficSplit",
        "Dialects",
        yams,
      ],
      swiftSettings: house),
    .target(
      name: "Journal",
      dependencies: [
        "RolloutSteering", "RolloutJudge", "MigrationReport", "ResponseDiff", "TrafficSplit", grdb, crypto,
      ], swiftSettings: house),
    .target(name: "CPostgres"),
    .target(
      name: "SharedStore",
      dependencies: ["CPostgres", "Journal", "RolloutSteering", "RolloutJudge", "ResponseDiff", "TrafficSplit"],
      swiftSettings: house),
    .target(name: "Listening", dependencies: [nioCore, concurrencyHelpers], swiftSettings: house),
    .target(name: "OperatorLog", dependencies: ["RolloutJudge", logging], swiftSettings: house),
    .target(
      name: "AdminServer",
      dependencies: [
        "RolloutJudge", "OperatorLog", "Listening", hummingbird, hummingbirdCore, logging, lifecycle, nioCore,
        nioPosix, concurrencyHelpers,
      ],
      swiftSettings: house),
    .target(
      name: "SidecarProxy",
      dependencies: [
        "RolloutJudge", "Guards", "Vendors", "MediaJobs", "TrafficSplit", "Translation", "Dialects", "HTTPFraming",
        "Listening", "CZlib",
        nioCore, nioPosix, nioSSL, concurrencyHelpers,
      ],
      swiftSettings: house),
    .target(
      name: "GatewayEmulation", dependencies: ["Listening", nioCore, nioPosix, nioHTTP1, nioSSL],
      swiftSettings: house),
    .executableTarget(
      name: "crossfade",
      dependencies: [
        "PlaybookYAML", "Journal", "SharedStore", "OperatorLog", "Listening", "AdminServer", "SidecarProxy",
        "GatewayEmulation", "MigrationReport", "ResponseDiff", "ArmProbe", argumentParser,
        "RolloutSteering", "RolloutJudge", "RolloutSimulation", "Guards", "Vendors", "TrafficSplit", "Dialects",
        asyncHTTPClient,
        crypto, logging, lifecycle,
        unixSignals, nioCore, nioPosix, nioFoundation, nioHTTP1, nioSSL,
      ],
      swiftSettings: house),

    .testTarget(
      name: "HTTPFramingTests", dependencies: ["HTTPFraming", nioCore, nioEmbedded, nioHTTP1], swiftSettings: house),
    .testTarget(name: "DialectsTests", dependencies: ["Dialects"], swiftSettings: house),
    .testTarget(name: "TranslationTests", dependencies: ["Translation", "Dialects"], swiftSettings: house),
    .testTarget(name: "MediaJobsTests", dependencies: ["MediaJobs", "Vendors", "Dialects"], swiftSettings: house),
    .testTarget(name: "VendorsTests", dependencies: ["Vendors", "TrafficSplit", "Dialects"], swiftSettings: house),
    .testTarget(name: "TrafficSplitTests", dependencies: ["TrafficSplit", "Dialects"], swiftSettings: house),
    .testTarget(name: "GuardsTests", dependencies: ["Guards", "TrafficSplit"], swiftSettings: house),
    .testTarget(
      name: "ResponseDiffTests", dependencies: ["ResponseDiff", "Dialects"], swiftSettings: house),
    .testTarget(
      name: "MigrationReportTests",
      dependencies: ["MigrationReport", "RolloutJudge", "Vendors", "TrafficSplit", "ResponseDiff", "Dialects"],
      exclude: ["Goldens"], swiftSettings: house),
    .testTarget(
      name: "ArmProbeTests",
      dependencies: [
        "ArmProbe", "GatewayEmulation", "RolloutJudge", "Vendors", "MediaJobs", "TrafficSplit", "Dialects", nioCore,
        nioPosix,
      ],
      swiftSettings: house),
    .testTarget(
      name: "RolloutJudgeTests",
      dependencies: ["RolloutJudge", "Guards", "Vendors", "TrafficSplit", "Dialects", histogram, realModule],
      swiftSettings: house),
    .testTarget(
      name: "RolloutSteeringTests",
      dependencies: ["RolloutSteering", "RolloutJudge", "TrafficSplit", "Dialects"], exclude: ["Goldens"],
      swiftSettings: house),
    .testTarget(
      name: "RolloutSimulationTests",
      dependencies: ["RolloutSimulation", "PlaybookYAML", "RolloutJudge", "TrafficSplit", "Dialects", realModule],
      swiftSettings: house),
    .testTarget(
      name: "PlaybookYAMLTests",
      dependencies: [
        "PlaybookYAML", "RolloutJudge", "Guards", "Vendors", "RolloutSimulation", "ResponseDiff", "TrafficSplit", yams,
      ],
      exclude: ["Goldens"], swiftSettings: house),
    .testTarget(
      name: "JournalTests",
      dependencies: ["Journal", "RolloutSteering", "RolloutJudge", "ResponseDiff", "TrafficSplit", "Dialects", grdb],
      swiftSettings: house),
    .testTarget(
      name: "SharedStoreTests",
      dependencies: [
        "SharedStore", "Journal", "RolloutSteering", "RolloutJudge", "ResponseDiff", "TrafficSplit", "Dialects",
      ], swiftSettings: house),
    .testTarget(
      name: "OperatorLogTests", dependencies: ["OperatorLog", "RolloutJudge", "Dialects", logging],
      swiftSettings: house),
    .testTarget(
      name: "ListeningTests", dependencies: ["Listening", nioCore, nioPosix, concurrencyHelpers], swiftSettings: house),
    .testTarget(
      name: "AdminServerTests",
      dependencies: ["AdminServer", "OperatorLog", "RolloutJudge", hummingbird, lifecycle, logging, nioCore, nioPosix],
      swiftSettings: house),
    .target(name: "TestCertificates", path: "Tests/TestCertificates", swiftSettings: house),
    .testTarget(
      name: "GatewayEmulationTests",
      dependencies: ["GatewayEmulation", "TestCertificates", nioCore, nioPosix, nioHTTP1, nioSSL],
      swiftSettings: house),
    .testTarget(
      name: "CrossfadeTests",
      dependencies: [
        "crossfade", "GatewayEmulation", "Journal", "OperatorLog", "SidecarProxy", "MigrationReport",
        "RolloutJudge", "ResponseDiff", "TrafficSplit", "Dialects", argumentParser, logging, nioCore,
      ],
      swiftSettings: house),
    .testTarget(name: "TidyTests", swiftSettings: house),
    .testTarget(
      name: "SidecarProxyTests",
      dependencies: [
        "SidecarProxy", "Listening", "GatewayEmulation", "TestCertificates", "Translation", "MediaJobs", "RolloutJudge",
        "Guards", "Vendors", "TrafficSplit", "Dialects",
        "HTTPFraming", nioCore, nioPosix, nioEmbedded, nioSSL, concurrencyHelpers,
      ],
      swiftSettings: house),
  ]
)
