// swift-tools-version: 6.0
import PackageDescription

// Pinned: what is linked into a daemon that guards people must not depend on the day of the build. Distributions, which build without
// the network, say where they have it.
let argumentParser: Package.Dependency =
    if let path = Context.environment["SWIFT_ARGUMENT_PARSER"] {
        .package(name: "swift-argument-parser", path: path)
    } else {
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    }

let package = Package(
    name: "onion-grater",
    products: [
        .executable(name: "onion-grater", targets: ["onion-grater"]),
        .executable(name: "grater-check", targets: ["grater-check"]),
    ],
    dependencies: [argumentParser],
    targets: [
        // C libraries from Debian, and what Glibc's module lacks.
        .systemLibrary(name: "CAppArmor", pkgConfig: "libapparmor", providers: [.apt(["libapparmor-dev"])]),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
        .target(name: "CLinux", cSettings: [.define("_GNU_SOURCE")]),

        // What may be said: pure, no I/O.
        .target(name: "ControlProtocol"),
        .target(name: "JSONText"),
        .target(name: "LinearPattern"),
        .target(name: "Profiles", dependencies: ["CLibYAML", "ControlProtocol", "LinearPattern"]),
        .target(name: "FilterEngine", dependencies: ["CNettle", "ControlProtocol", "Profiles"]),

        // Who says it, and where it goes.
        .target(name: "PeerIdentity", dependencies: ["CAppArmor", "CLinux", "ControlProtocol"]),
        .target(name: "ServiceInterface", dependencies: ["ControlProtocol", "JSONText"]),
        .target(
            name: "ProxyServer",
            dependencies: [
                "CLinux", "CNettle", "ControlProtocol", "FilterEngine", "JSONText", "PeerIdentity", "Profiles",
                "ServiceInterface",
            ]
        ),
        .target(name: "ChildProcesses", dependencies: ["PeerIdentity"]),
        .target(name: "ClientSetup", dependencies: ["ChildProcesses", "PeerIdentity", "Profiles"]),
        .target(
            name: "AdminClient", dependencies: ["CLinux", "JSONText", "PeerIdentity", "Profiles", "ServiceInterface"]),
        .target(
            name: "GraterCheck",
            dependencies: [
                "ControlProtocol", "FilterEngine", "JSONText", "LinearPattern", "PeerIdentity", "Profiles",
                "ServiceInterface",
            ]
        ),
        .target(
            name: "GraterRun",
            dependencies: [
                "ChildProcesses", "ControlProtocol", "FilterEngine", "GraterCheck", "JSONText", "PeerIdentity",
                "Profiles",
                "ProxyServer", "ServiceInterface",
            ]
        ),

        .executableTarget(
            name: "onion-grater",
            dependencies: [
                "AdminClient", "ClientSetup", "ControlProtocol", "Profiles", "ProxyServer", "ServiceInterface",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(
            name: "grater-check",
            dependencies: [
                "ChildProcesses", "GraterCheck", "GraterRun", "ProxyServer", "ServiceInterface",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Played in a virtual machine with AppArmor, by Tests/vm/check.
        .executableTarget(name: "actor", path: "Tests/vm/actor", cSettings: [.define("_GNU_SOURCE")]),
        .executableTarget(
            name: "identity-trials",
            dependencies: ["CLinux", "FilterEngine", "LinearPattern", "PeerIdentity", "Profiles"],
            path: "Tests/vm/identity-trials"
        ),

        // What it costs: `make bench`.
        .executableTarget(
            name: "bench",
            dependencies: ["BenchSupport", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/bench/Bench"
        ),
        .executableTarget(name: "bench-baseline", path: "Tests/bench/Baseline"),
        .executableTarget(
            name: "bench-dispatch-relay", dependencies: ["BenchSupport"], path: "Tests/bench/DispatchRelay"
        ),
        .executableTarget(
            name: "bench-engine",
            dependencies: [
                "BenchSupport", "FilterEngine", "Profiles",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/bench/Engine"
        ),
        .target(name: "BenchSupport", path: "Tests/bench/Support"),

        // What the tests share.
        .target(name: "TestSupport", path: "Tests/Support"),

        .testTarget(name: "AdminClientTests", dependencies: ["AdminClient", "JSONText"]),
        .testTarget(name: "ClientSetupTests", dependencies: ["ClientSetup", "Profiles", "ProxyServer", "TestSupport"]),
        .testTarget(name: "ControlProtocolTests", dependencies: ["ControlProtocol", "TestSupport"]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["TestSupport", "grater-check", "onion-grater"], exclude: ["Scripts"]
        ),
        .testTarget(
            name: "FilterEngineTests",
            dependencies: [
                "ControlProtocol", "FilterEngine", "GraterCheck", "LinearPattern", "Profiles", "TestSupport",
            ],
            exclude: ["Transcripts"]
        ),
        .testTarget(
            name: "GraterCheckTests",
            dependencies: [
                "FilterEngine", "GraterCheck", "GraterRun", "LinearPattern", "Profiles", "TestSupport", "grater-check",
            ],
            exclude: ["Golden"]
        ),
        .testTarget(name: "JSONTextTests", dependencies: ["JSONText"]),
        .testTarget(name: "LinearPatternTests", dependencies: ["LinearPattern", "TestSupport"]),
        .testTarget(
            name: "PeerIdentityTests", dependencies: ["CLinux", "ControlProtocol", "PeerIdentity", "TestSupport"]),
        .testTarget(
            name: "ProfilesTests", dependencies: ["ControlProtocol", "LinearPattern", "Profiles", "TestSupport"],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "ProxyServerTests",
            dependencies: [
                "ControlProtocol", "FilterEngine", "JSONText", "Profiles", "ProxyServer", "TestSupport",
                "ServiceInterface",
            ]
        ),

        // Programs that only tests use.
        .executableTarget(
            name: "pattern-probe", dependencies: ["LinearPattern"], path: "Tests/patterns/pattern-probe"
        ),
    ],
    swiftLanguageModes: [.v6]
)
