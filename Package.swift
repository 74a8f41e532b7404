// swift-tools-version: 6.2
import PackageDescription

let libFuzzer = Context.environment["DASHBOARD_FUZZ"]

let strict: [SwiftSetting] =
    [
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
        .treatWarning("DeprecatedDeclaration", as: .warning),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        // Spans over a query's result that cannot outlive it.
        .enableExperimentalFeature("Lifetimes"),
    ] + (libFuzzer == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"])])

// The targets of script/fuzz: a program with libFuzzer, whose library DASHBOARD_FUZZ names, or tests without it.
let fuzzed: [Target.Dependency] = ["Domain", "Formats", "HTTP", "Persistence", "Web"]
let fuzz: Target =
    if let libFuzzer {
        .executableTarget(
            name: "Fuzz", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Corpus", "FuzzTests.swift"],
            swiftSettings: strict, linkerSettings: [.unsafeFlags(["-sanitize=address", libFuzzer, "-lstdc++"])])
    } else {
        .testTarget(
            name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Corpus", "Driver.swift"],
            swiftSettings: strict)
    }

let package = Package(
    name: "tracking-dashboard",
    products: [
        .executable(name: "dashboard", targets: ["App"]),
        .executable(name: "health-beacon", targets: ["HealthBeaconCommand"]),
        .library(name: "HealthBeacon", targets: ["HealthBeacon"]),
    ],
    targets: [
        .systemLibrary(name: "CCrash"),
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        .executableTarget(name: "EmbedFilesTool", path: "Plugins/EmbedFilesTool"),
        .plugin(name: "EmbedFiles", capability: .buildTool(), dependencies: ["EmbedFilesTool"]),

        .target(name: "Formats", swiftSettings: strict),
        .target(
            name: "Domain", dependencies: ["Formats"], exclude: ["Settings/currencies.txt"], swiftSettings: strict,
            plugins: ["EmbedFiles"]),
        .target(name: "EventLoop", dependencies: ["CCrash", "CEpoll"], swiftSettings: strict),
        .target(
            name: "Persistence", dependencies: ["Domain", "EventLoop", "Formats", "CLibPQ"], swiftSettings: strict,
            plugins: ["EmbedFiles"]),
        .target(
            name: "HTTP", dependencies: ["EventLoop", "Formats", "CMicroHTTPD", "COpenSSL", "CZlib"],
            swiftSettings: strict),
        .target(
            name: "Web", dependencies: ["Domain", "EventLoop", "Formats", "HTTP", "Persistence", "CCurl"],
            exclude: ["Assets"], swiftSettings: strict, plugins: ["EmbedFiles"]),
        .target(
            name: "HealthBeacon", dependencies: ["Domain", "Formats", "Persistence"],
            path: "Sources/HealthBeacon/Library",
            swiftSettings: strict),
        .executableTarget(
            name: "HealthBeaconCommand", dependencies: ["Formats", "HealthBeacon"],
            path: "Sources/HealthBeacon/Command", swiftSettings: strict),
        .executableTarget(
            name: "App", dependencies: ["CMalloc", "Domain", "EventLoop", "Formats", "HTTP", "Persistence", "Web"],
            exclude: ["Demo/sample-data.sql"], swiftSettings: strict, plugins: ["EmbedFiles"]),

        .target(
            name: "TestKit", dependencies: ["Domain", "EventLoop", "Formats", "Persistence"], path: "Tests/Support",
            swiftSettings: strict),
        // Times and zones written as text, for tests.
        .target(name: "Times", dependencies: ["Formats"], path: "Tests/Times", swiftSettings: strict),
        .testTarget(name: "FormatsTests", dependencies: ["Formats", "Times"], swiftSettings: strict),
        .testTarget(name: "DomainTests", dependencies: ["Domain", "Formats"], swiftSettings: strict),
        .testTarget(
            name: "EventLoopTests", dependencies: ["Domain", "EventLoop", "Formats", "TestKit"], swiftSettings: strict),
        .testTarget(
            name: "PersistenceTests", dependencies: ["Domain", "EventLoop", "Formats", "Persistence", "TestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "AppTests",
            dependencies: ["App", "Domain", "EventLoop", "Formats", "HTTP", "Persistence", "TestKit", "Web"],
            swiftSettings: strict),
        .testTarget(name: "HTTPTests", dependencies: ["Formats", "HTTP", "TestKit"], swiftSettings: strict),
        .testTarget(
            name: "WebTests",
            dependencies: ["Domain", "EventLoop", "Formats", "HTTP", "Persistence", "TestKit", "Times", "Web"],
            swiftSettings: strict),
        fuzz,
    ],
    swiftLanguageModes: [.v6]
)
