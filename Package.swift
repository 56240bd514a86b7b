// swift-tools-version: 6.2

import PackageDescription

/// Set while working to keep warnings from stopping a build; the gate never sets it.
let lax = Context.environment["CLAVIGER_LAX"] == "1"

let swiftSettings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (lax ? [] : [.treatAllWarnings(as: .error)])

// Third-party products, named once.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let atomics = Target.Dependency.product(name: "Atomics", package: "swift-atomics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hdrHistogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioFileSystem = Target.Dependency.product(name: "_NIOFileSystem", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
    name: "claviger",
    products: [
        .executable(name: "claviger", targets: ["claviger"]),
        .executable(name: "claviger-agent", targets: ["claviger-agent"]),
        .library(name: "ClavigerClient", targets: ["ClavigerClient"]),
        .library(name: "ClavigerAgent", targets: ["ClavigerAgent"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-atomics", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0: values, wire formats and what comes from the system.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        library("FaultPoints"),
        library("StrictJSON"),
        library("ClavigerWire", ["StrictJSON"]),
        library("Domain", ["StrictJSON", crypto]),

        // Floor 1: portable SQL, sealing, transport, the REST SDK.
        library("SQLDatabase", [logging]),
        library("Sealing", ["Domain", crypto]),
        library("Transport", [logging, nioCore, nioPosix, nioHTTP1, nioWebSocket, nioSSL]),
        library("ClavigerClient", ["ClavigerWire", "StrictJSON", asyncHTTPClient, nioCore, nioHTTP1, nioSSL]),

        // Floor 2: the drivers, the schema, the agent runtime.
        library("SQLiteDriver", ["SQLDatabase", grdb, logging]),
        library("PostgresDriver", ["CLibpq", "SQLDatabase", logging]),
        library("Store", ["Domain", "SQLDatabase", "StrictJSON"]),
        library(
            "ClavigerAgent",
            [
                "ClavigerWire", "FaultPoints", "StrictJSON", "Transport", crypto, logging, nioCore, nioPosix, nioHTTP1,
                nioWebSocket, nioSSL, serviceLifecycle, unixSignals,
            ]
        ),

        // Floor 3: use cases.
        library(
            "ControlPlane",
            [
                "Domain", "FaultPoints", "Sealing", "SQLDatabase", "Store", "StrictJSON", crypto, cryptoExtras,
                logging, serviceLifecycle,
            ]
        ),

        // Floors 4 and 5: the HTTP kernel and its edges.
        library(
            "HTTPKernel",
            [
                "ClavigerWire", "ControlPlane", "Domain", "StrictJSON", atomics, httpTypes, hummingbird,
                hummingbirdCore, logging, nioCore, nioHTTP1, nioHTTPTypes,
            ]
        ),
        library(
            "RESTAPI",
            [
                "ClavigerWire", "ControlPlane", "Domain", "HTTPKernel", "StrictJSON", crypto, httpTypes, hummingbird,
                logging, nioCore, nioFileSystem,
            ]
        ),
        library(
            "AgentChannel",
            [
                "ClavigerWire", "ControlPlane", "Domain", "HTTPKernel", "StrictJSON", "Transport", httpTypes,
                hummingbird, logging, nioCore, nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1, nioWebSocket,
            ]
        ),

        // Floor 6: the composition root.
        library(
            "ClavigerServer",
            [
                "AgentChannel", "ClavigerWire", "ControlPlane", "Domain", "HTTPKernel", "PostgresDriver", "RESTAPI",
                "Sealing", "SQLDatabase", "SQLiteDriver", "Store", "StrictJSON", "Transport", hummingbird,
                hummingbirdCore, hummingbirdTLS, logging, nioCore, nioPosix, nioSSL, serviceLifecycle, unixSignals,
                yams,
            ]
        ),

        // Floors 7 and 8: commands and programs.
        library(
            "Commands",
            [
                "ClavigerClient", "ClavigerServer", "ClavigerWire", "StrictJSON", argumentParser, logging,
            ]
        ),
        program("claviger", ["Commands", argumentParser]),
        program("claviger-agent", ["ClavigerAgent", "ClavigerWire", argumentParser, logging]),

        // Benchmarks: programs that measure, built in release by Benchmarks/run.
        .executableTarget(
            name: "fleet",
            dependencies: [
                "ClavigerWire", "Transport", asyncHTTPClient, crypto, nioCore, nioHTTP1, nioPosix, nioSSL,
            ],
            path: "Benchmarks/Fleet",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "verify-benchmark",
            dependencies: ["ControlPlane", "Domain", "SQLDatabase", "SQLiteDriver", "Store", logging],
            path: "Benchmarks/Verify",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "driver-benchmark",
            dependencies: ["PostgresDriver", "SQLDatabase", "SQLiteDriver", logging],
            path: "Benchmarks/Driver",
            swiftSettings: swiftSettings
        ),

        // Tests, one target beside each part; SystemTests drives the built programs.
        tests("StrictJSONTests", ["StrictJSON"]),
        tests("ClavigerWireTests", ["ClavigerWire", "StrictJSON"]),
        tests(
            "ClavigerClientTests",
            ["ClavigerClient", "ClavigerWire", "StrictJSON", nioCore, nioHTTP1, nioPosix, nioSSL]
        ),
        tests("DomainTests", ["Domain", "StrictJSON", crypto]),
        tests("SealingTests", ["Domain", "Sealing", crypto]),
        tests(
            "TransportTests",
            [
                "Transport", logging, nioCore, nioPosix, nioEmbedded, nioHTTP1, nioWebSocket, nioSSL,
            ]
        ),
        .target(
            name: "TestDatabases",
            dependencies: ["PostgresDriver", "SQLDatabase", logging],
            path: "Tests/TestDatabases",
            swiftSettings: swiftSettings
        ),
        tests("PostgresDriverTests", ["PostgresDriver", "SQLDatabase", "TestDatabases", logging]),
        tests(
            "StoreTests",
            [
                "Domain", "PostgresDriver", "SQLDatabase", "SQLiteDriver", "Store", "TestDatabases", grdb, logging,
            ]
        ),
        tests(
            "ControlPlaneTests",
            [
                "ControlPlane", "Domain", "Sealing", "SQLDatabase", "SQLiteDriver", "Store", "StrictJSON",
                "TestDatabases", crypto, logging, serviceLifecycle,
            ]
        ),
        tests(
            "ClavigerAgentTests",
            [
                "ClavigerAgent", "ClavigerWire", "StrictJSON", "Transport", crypto, logging, nioCore, nioPosix,
                nioHTTP1, nioWebSocket, serviceLifecycle,
            ]
        ),
        tests(
            "EdgeTests",
            [
                "AgentChannel", "ClavigerWire", "ControlPlane", "Domain", "HTTPKernel", "RESTAPI", "Sealing",
                "SQLDatabase", "SQLiteDriver", "Store", "StrictJSON", "Transport", crypto, httpTypes, hummingbird,
                hummingbirdCore, hummingbirdTesting, logging, nioCore, nioPosix, nioHTTP1, nioWebSocket,
                serviceLifecycle,
            ]
        ),
        tests(
            "ServerTests",
            [
                "ClavigerClient", "ClavigerServer", "ClavigerWire", "Commands", "Domain", "Store", "StrictJSON",
                argumentParser, logging,
            ]
        ),
        .testTarget(
            name: "SystemTests",
            dependencies: [nioCore, nioPosix],
            exclude: ["Python"],
            swiftSettings: swiftSettings
        ),
    ]
)
