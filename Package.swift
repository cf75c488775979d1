// swift-tools-version: 6.2
import PackageDescription

/// The layers, declared once.
///
/// A target may import targets of the layers its own layer sees, and nothing else.
enum Layer: String {
    case values = "Values"
    case models = "Models"
    case languages = "Languages"
    case compilers = "Compilers"
    case drivers = "Drivers"
    case services = "Services"
    case executables = "Executables"

    var sees: Set<Layer> {
        switch self {
        case .values: [.values]
        case .models: [.values, .models]
        case .languages: [.values, .languages]
        case .compilers: [.values, .models, .languages, .compilers]
        case .drivers: [.values, .languages, .drivers]
        case .services: [.values, .models, .languages, .compilers, .drivers, .services]
        case .executables: [.services]
        }
    }
}

/// Every module with its layer: the map that `docs/DESIGN.md` explains.
let layers: [String: Layer] = [
    "NetworkTypes": .values, "ClusterAPI": .values,
    "PolicyEngine": .models, "ServiceModel": .models, "NodeModel": .models, "AddressAllocation": .models,
    "APIMachinery": .models,
    "PolicyAnalysis": .models, "NFTables": .languages, "LinkState": .languages, "CNISpec": .languages,
    "MetricsText": .languages,
    "Markup": .languages, "PacketHeaders": .languages, "FlowModel": .models, "PolicyExplanation": .models,
    "YAML": .languages, "PolicyEvidence": .models, "AuditTrail": .models, "ServiceVerdicts": .models,
    "FailoverModel": .models, "Keepalived": .languages, "FailoverCompiler": .compilers,
    "KeepalivedDriver": .drivers, "FailoverAgent": .services,
    "DNSFormats": .languages, "DNSModel": .models, "EgressNames": .models,
    "NameMessages": .compilers, "NameLearning": .compilers, "NameLearner": .services,
    "EgressAddressModel": .models, "EgressAgent": .services, "EgressSelection": .models,
    "DatapathCompiler": .compilers,
    "InstallationModel": .models, "InstallationCompiler": .compilers,
    "EnvoyConfig": .languages, "GatewayCompiler": .compilers, "EnvoyDriver": .drivers, "GatewayAgent": .services,
    "LinuxSystem": .drivers, "RoutingDriver": .drivers, "ConntrackDriver": .drivers, "NFTablesDriver": .drivers,
    "NFLogDriver": .drivers,
    "ToolRunner": .drivers, "KubernetesClient": .drivers, "ManifestFiles": .drivers,
    "NodeAgent": .services, "FlowLog": .services, "CNIPlugin": .services, "ClusterController": .services,
    "EmbeddedAPI": .services,
    "ClusterDNS": .services,
    "PodResponder": .services, "Lab": .services, "Standalone": .services, "CommandLineTool": .services,
    "gabion": .executables, "gabion-cni": .executables, "gabion-responder": .executables,
]

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// For the small programs: no shared Swift libraries, so that they start in milliseconds anywhere.
///
/// The linker does not find by itself what FoundationEssentials needs below it.
let standalone: [LinkerSetting] = [
    .unsafeFlags(["-static-stdlib"]), .linkedLibrary("_FoundationCollections"), .linkedLibrary("_FoundationCShims"),
    .linkedLibrary("swiftSynchronization"),
]

/// One target of the house.
///
/// Stops the manifest when an import points upward.
/// The bytes of `embedded` files become constants of the module.
func module(
    _ name: String, imports: [String] = [], products: [Target.Dependency] = [], c: [String] = [],
    embedded: [String] = []
) -> Target {
    guard let layer = layers[name] else { preconditionFailure("\(name) has no layer in Package.swift") }
    for other in imports {
        guard let below = layers[other], layer.sees.contains(below) else {
            preconditionFailure("\(name) (\(layer.rawValue)) must not import \(other)")
        }
    }
    let dependencies = (imports + c).map { Target.Dependency(stringLiteral: $0) } + products
    let path = "Sources/\(layer.rawValue)/\(name)"
    if layer == .executables {
        return .executableTarget(
            name: name, dependencies: dependencies, path: path, swiftSettings: strict,
            linkerSettings: name == "gabion" ? [] : standalone)
    }
    return .target(
        name: name, dependencies: dependencies, path: path, resources: embedded.map { .embedInCode($0) },
        swiftSettings: strict)
}

/// The tests of one module, beside it in the same layer's folder.
func tests(_ name: String, of layer: String, imports: [String], products: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name, dependencies: imports.map { Target.Dependency(stringLiteral: $0) } + products,
        path: "Tests/\(layer)/\(name)", swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
]
let http1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let x509: [Target.Dependency] = [
    .product(name: "X509", package: "swift-certificates"), .product(name: "SwiftASN1", package: "swift-asn1"),
    .product(name: "Crypto", package: "swift-crypto"),
]

let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let tls = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")

/// Files of `deploy/crds`, which installations carry with them.
let definitions = [
    "gabion.io_clusterstagedpolicies",
    "gabion.io_egressgateways",
    "gabion.io_egressnodes",
    "gabion.io_externalippolicies",
    "gabion.io_failovergroups",
    "gabion.io_metadataaccesses",
    "gabion.io_stagedpolicies",
    "gabion.io_zones",
    "network.openshift.io_clusternetworks",
    "network.openshift.io_hostsubnets",
    "network.openshift.io_netnamespaces",
]

let package = Package(
    name: "gabion",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // Values
        module("NetworkTypes"),
        module("ClusterAPI"),
        // Models
        module(
            "PolicyEngine", imports: ["NetworkTypes", "ClusterAPI", "APIMachinery", "EgressNames"],
            products: [collections]),
        module(
            "PolicyAnalysis", imports: ["NetworkTypes", "ClusterAPI", "APIMachinery", "PolicyEngine", "EgressNames"]),
        module("PolicyExplanation", imports: ["NetworkTypes", "ClusterAPI", "PolicyEngine", "EgressNames"]),
        module("FlowModel", imports: ["NetworkTypes", "ClusterAPI"]),
        module("PolicyEvidence", imports: ["NetworkTypes", "ClusterAPI", "PolicyEngine", "FlowModel"]),
        module("AuditTrail", imports: ["ClusterAPI", "APIMachinery"]),
        module("ServiceModel", imports: ["NetworkTypes", "ClusterAPI", "AddressAllocation"]),
        module("DNSModel", imports: ["NetworkTypes", "ClusterAPI", "ServiceModel"]),
        module(
            "ServiceVerdicts",
            imports: [
                "NetworkTypes", "ClusterAPI", "AddressAllocation", "PolicyEngine", "ServiceModel", "EgressSelection",
            ]),
        module("EgressNames", imports: ["NetworkTypes", "ClusterAPI"]),
        module("EgressSelection", imports: ["NetworkTypes", "ClusterAPI"]),
        module(
            "NodeModel",
            imports: [
                "NetworkTypes", "ClusterAPI", "APIMachinery", "AddressAllocation", "PolicyEngine", "ServiceModel",
                "EgressNames", "EgressSelection",
            ]),
        module("AddressAllocation", imports: ["NetworkTypes", "ClusterAPI"]),
        module("FailoverModel", imports: ["NetworkTypes", "ClusterAPI"]),
        module("InstallationModel", imports: ["NetworkTypes", "ClusterAPI", "AddressAllocation"]),
        module("EgressAddressModel", imports: ["NetworkTypes", "ClusterAPI", "AddressAllocation", "FailoverModel"]),
        module("APIMachinery", imports: ["NetworkTypes", "ClusterAPI", "AddressAllocation", "EgressNames"]),
        // Languages
        module("NFTables", imports: ["NetworkTypes"], products: [collections]),
        module("LinkState", imports: ["NetworkTypes"]),
        module("CNISpec", imports: ["NetworkTypes"]),
        module("Keepalived", imports: ["NetworkTypes"]),
        module("Markup"),
        module("MetricsText"),
        module("YAML"),
        module("PacketHeaders", imports: ["NetworkTypes"]),
        module("EnvoyConfig", imports: ["NetworkTypes", "ClusterAPI"]),
        module("DNSFormats", imports: ["NetworkTypes"]),
        // Compilers
        module(
            "DatapathCompiler",
            imports: [
                "NetworkTypes", "ClusterAPI", "PolicyEngine", "ServiceModel", "NodeModel", "NFTables", "LinkState",
                "EgressNames",
            ]),
        module(
            "FailoverCompiler",
            imports: ["NetworkTypes", "ClusterAPI", "FailoverModel", "Keepalived", "NFTables"]),
        module("NameMessages", imports: ["NetworkTypes", "EgressNames", "DNSFormats"]),
        module(
            "NameLearning",
            imports: [
                "NetworkTypes", "ClusterAPI", "EgressNames", "DNSFormats", "NameMessages", "PacketHeaders", "NFTables",
                "LinkState",
            ],
            products: [collections]),
        module("GatewayCompiler", imports: ["NetworkTypes", "ClusterAPI", "APIMachinery", "EnvoyConfig"]),
        module(
            "InstallationCompiler",
            imports: [
                "NetworkTypes", "ClusterAPI", "APIMachinery", "AddressAllocation", "InstallationModel", "YAML",
            ],
            embedded: definitions.map { "Definitions/\($0).yaml" } + ["Definitions/installation.yaml"]),
        // Drivers
        .target(name: "CLinux", path: "Sources/C/CLinux"),
        module("LinuxSystem", imports: ["NetworkTypes"], c: ["CLinux"]),
        module("ToolRunner", imports: ["LinuxSystem"], products: [subprocess, system]),
        module("RoutingDriver", imports: ["NetworkTypes", "LinkState", "LinuxSystem"], c: ["CLinux"]),
        module("ConntrackDriver", imports: ["NetworkTypes", "LinuxSystem"], c: ["CLinux"]),
        module("NFLogDriver", imports: ["LinuxSystem"], c: ["CLinux"]),
        module(
            "NFTablesDriver", imports: ["NetworkTypes", "NFTables", "PacketHeaders", "LinuxSystem", "ToolRunner"],
            products: [logging], c: ["CLinux"]),
        module("KeepalivedDriver", imports: ["Keepalived", "LinuxSystem", "ToolRunner"]),
        module("EnvoyDriver", imports: ["NetworkTypes", "EnvoyConfig", "LinuxSystem", "ToolRunner"]),
        module(
            "KubernetesClient", imports: ["NetworkTypes", "ClusterAPI", "ToolRunner"],
            products: [httpClient, logging, tls, yaml, http1] + nio),
        module("ManifestFiles", imports: ["NetworkTypes", "ClusterAPI"], products: [yaml]),
        // Services
        module(
            "EmbeddedAPI",
            imports: [
                "NetworkTypes", "ClusterAPI", "AddressAllocation", "APIMachinery", "LinuxSystem", "ManifestFiles",
            ],
            products: [
                logging, lifecycle, collections, tls,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ] + nio + x509),
        module(
            "ClusterController",
            imports: [
                "NetworkTypes", "ClusterAPI", "APIMachinery", "PolicyEngine", "AddressAllocation", "ServiceModel",
                "KubernetesClient", "EgressAddressModel",
            ],
            products: [logging, lifecycle]),
        module("CNIPlugin", imports: ["NetworkTypes", "CNISpec", "LinuxSystem"]),
        module(
            "NodeAgent",
            imports: [
                "NetworkTypes", "ClusterAPI", "PolicyEngine", "ServiceModel", "NodeModel", "AddressAllocation",
                "NFTables", "LinkState", "CNISpec", "DatapathCompiler", "LinuxSystem", "RoutingDriver",
                "ConntrackDriver",
                "NFTablesDriver", "KubernetesClient", "FlowModel", "APIMachinery", "EgressNames",
            ],
            products: [logging, lifecycle, http1, .product(name: "NIOExtras", package: "swift-nio-extras")] + nio),
        module(
            "FlowLog",
            imports: [
                "NetworkTypes", "FlowModel", "PacketHeaders", "NFTables", "DatapathCompiler", "LinuxSystem",
                "ConntrackDriver", "NFTablesDriver", "NFLogDriver", "EmbeddedAPI",
            ],
            products: [
                logging, lifecycle, httpClient, http1, tls, .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ] + nio),
        module(
            "FailoverAgent",
            imports: [
                "NetworkTypes", "ClusterAPI", "FailoverModel", "Keepalived", "NFTables", "LinkState",
                "FailoverCompiler", "LinuxSystem", "RoutingDriver", "NFTablesDriver", "KeepalivedDriver",
                "KubernetesClient", "MetricsText",
            ],
            products: [logging, lifecycle]),
        module(
            "EgressAgent",
            imports: [
                "NetworkTypes", "ClusterAPI", "EgressAddressModel", "NFTables", "LinkState", "LinuxSystem",
                "RoutingDriver", "NFTablesDriver", "KubernetesClient", "MetricsText",
            ],
            products: [logging, lifecycle]),
        module(
            "GatewayAgent",
            imports: [
                "NetworkTypes", "ClusterAPI", "EnvoyConfig", "GatewayCompiler", "EnvoyDriver", "RoutingDriver",
                "KubernetesClient",
            ],
            products: [
                logging, lifecycle, .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ] + nio),
        module(
            "ClusterDNS",
            imports: ["NetworkTypes", "ClusterAPI", "DNSModel", "DNSFormats", "KubernetesClient"],
            products: [
                logging, lifecycle, .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ] + nio),
        module(
            "NameLearner",
            imports: [
                "NetworkTypes", "ClusterAPI", "EgressNames", "NameLearning", "NFTables", "LinkState", "LinuxSystem",
                "RoutingDriver", "ConntrackDriver", "NFLogDriver", "NFTablesDriver",
            ],
            products: [logging, lifecycle]),
        module("PodResponder", imports: ["NetworkTypes", "LinuxSystem"]),
        module(
            "Lab",
            imports: [
                "NetworkTypes", "ClusterAPI", "PolicyEngine", "NFTables", "LinkState", "CNISpec", "LinuxSystem",
                "RoutingDriver", "NFTablesDriver", "ToolRunner", "KubernetesClient", "ManifestFiles", "PodResponder",
                "APIMachinery", "DNSFormats", "ServiceModel", "ServiceVerdicts",
            ],
            products: [logging, lifecycle, yaml]),
        module(
            "Standalone",
            imports: [
                "NetworkTypes", "ClusterAPI", "CNISpec", "LinuxSystem", "ToolRunner", "KubernetesClient", "EmbeddedAPI",
            ],
            products: [logging, lifecycle]),
        module(
            "CommandLineTool",
            imports: [
                "NetworkTypes", "ClusterAPI", "AddressAllocation", "PolicyEngine", "PolicyAnalysis", "APIMachinery",
                "Markup",
                "ManifestFiles", "KubernetesClient", "LinuxSystem", "EmbeddedAPI", "ClusterController", "NodeAgent",
                "Lab", "Standalone", "FlowModel", "FlowLog", "PolicyExplanation", "NFTablesDriver", "PolicyEvidence",
                "YAML",
                "AuditTrail", "ServiceModel", "ServiceVerdicts", "NFTables", "NodeModel", "DatapathCompiler",
                "CNIPlugin", "CNISpec", "EgressSelection",
                "FailoverAgent", "FailoverCompiler", "ToolRunner", "EgressAgent", "EgressAddressModel", "GatewayAgent",
                "EnvoyConfig", "EnvoyDriver", "ClusterDNS", "DNSFormats", "NameLearner", "EgressNames",
                "InstallationModel", "InstallationCompiler",
            ],
            products: [argumentParser, logging, lifecycle, signals]),
        // Executables
        module("gabion", imports: ["CommandLineTool"]),
        module("gabion-cni", imports: ["CNIPlugin"]),
        module("gabion-responder", imports: ["PodResponder"]),
        // Tests
        .target(name: "TestRandom", path: "Tests/TestRandom", swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["NetworkTypes", "LinuxSystem", "ToolRunner"],
            path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "Conversations",
            dependencies: [
                "ClusterAPI", "ManifestFiles", "LinuxSystem", "TestSupport", httpClient, http1, tls, nio[0],
            ],
            path: "Tests/Conversations", exclude: ["Conversations", "Commands", "Recorded"], swiftSettings: strict),
        tests("NetworkTypesTests", of: "Values", imports: ["NetworkTypes", "TestRandom"]),
        tests("ClusterAPITests", of: "Values", imports: ["ClusterAPI"]),
        tests(
            "PolicyEngineTests", of: "Models",
            imports: ["NetworkTypes", "ClusterAPI", "APIMachinery", "PolicyEngine", "EgressNames", "TestRandom"]),
        tests(
            "PolicyAnalysisTests", of: "Models",
            imports: [
                "NetworkTypes", "ClusterAPI", "APIMachinery", "PolicyEngine", "PolicyAnalysis", "EgressNames",
                "TestRandom",
            ]),
        tests(
            "PolicyExplanationTests", of: "Models",
            imports: [
                "NetworkTypes", "ClusterAPI", "APIMachinery", "PolicyEngine", "PolicyExplanation", "TestRandom",
            ]),
        tests(
            "ServiceModelTests", of: "Models",
            imports: ["NetworkTypes", "ClusterAPI", "AddressAllocation", "ServiceModel", "TestRandom"]),
        tests(
            "ServiceVerdictsTests", of: "Models",
            imports: [
                "NetworkTypes", "ClusterAPI", "PolicyEngine", "ServiceModel", "ServiceVerdicts", "EgressSelection",
            ]),
        tests(
            "NodeModelTests", of: "Models",
            imports: ["NetworkTypes", "ClusterAPI", "PolicyEngine", "ServiceModel", "NodeModel"]),
        tests(
            "EgressSelectionTests", of: "Models",
            imports: ["NetworkTypes", "ClusterAPI", "EgressSelection", "TestRandom"]),
        tests(
            "PolicyEvidenceTests", of: "Models",
            imports: [
                "NetworkTypes", "ClusterAPI", "APIMachinery", "PolicyEngine", "FlowModel", "PolicyEvidence",
                "TestRandom",
            ]),
        tests("FlowModelTests", of: "Models", imports: ["NetworkTypes", "ClusterAPI", "FlowModel", "TestRandom"]),
        tests(
            "AddressAllocationTests", of: "Models",
            imports: ["NetworkTypes", "ClusterAPI", "AddressAllocation", "TestRandom"]),
        tests(
            "FailoverModelTests", of: "Models",
            imports: ["NetworkTypes", "ClusterAPI", "FailoverModel", "TestRandom"]),
        tests(
            "EgressAddressModelTests", of: "Models",
            imports: ["NetworkTypes", "ClusterAPI", "AddressAllocation", "EgressAddressModel", "TestRandom"]),
        tests("AuditTrailTests", of: "Models", imports: ["ClusterAPI", "APIMachinery", "AuditTrail"]),
        tests("DNSModelTests", of: "Models", imports: ["NetworkTypes", "ClusterAPI", "DNSModel", "TestRandom"]),
        tests("EgressNamesTests", of: "Models", imports: ["NetworkTypes", "ClusterAPI", "EgressNames", "TestRandom"]),
        tests(
            "APIMachineryTests", of: "Models",
            imports: ["NetworkTypes", "ClusterAPI", "AddressAllocation", "APIMachinery", "TestRandom"]),
        tests("NFTablesTests", of: "Languages", imports: ["NetworkTypes", "NFTables", "TestRandom"]),
        tests("LinkStateTests", of: "Languages", imports: ["NetworkTypes", "LinkState", "TestRandom"]),
        tests("KeepalivedTests", of: "Languages", imports: ["NetworkTypes", "Keepalived"]),
        tests("MarkupTests", of: "Languages", imports: ["Markup"]),
        tests("YAMLTests", of: "Languages", imports: ["ClusterAPI", "YAML", "ManifestFiles", "TestRandom"]),
        tests("PacketHeadersTests", of: "Languages", imports: ["NetworkTypes", "PacketHeaders", "TestRandom"]),
        tests("EnvoyConfigTests", of: "Languages", imports: ["NetworkTypes", "EnvoyConfig"]),
        tests("DNSFormatsTests", of: "Languages", imports: ["NetworkTypes", "DNSFormats", "TestRandom"]),
        tests("CNISpecTests", of: "Languages", imports: ["NetworkTypes", "CNISpec", "TestRandom"]),
        tests(
            "DatapathCompilerTests", of: "Compilers",
            imports: [
                "NetworkTypes", "ClusterAPI", "PolicyEngine", "ServiceModel", "NodeModel", "NFTables", "LinkState",
                "DatapathCompiler", "EgressNames", "TestRandom",
            ]),
        tests(
            "NameMessagesTests", of: "Compilers",
            imports: ["NetworkTypes", "ClusterAPI", "EgressNames", "DNSFormats", "NameMessages", "TestRandom"]),
        tests(
            "NameLearningTests", of: "Compilers",
            imports: [
                "NetworkTypes", "ClusterAPI", "EgressNames", "DNSFormats", "PacketHeaders", "NFTables", "LinkState",
                "NameLearning", "TestRandom",
            ]),
        tests(
            "NameLearnerTests", of: "Services",
            imports: [
                "NetworkTypes", "ClusterAPI", "EgressNames", "DNSFormats", "NFTables", "NFTablesDriver", "LinuxSystem",
                "NameLearning", "NameLearner", "TestSupport",
            ],
            products: [logging, lifecycle]),
        tests(
            "GatewayCompilerTests", of: "Compilers",
            imports: ["NetworkTypes", "ClusterAPI", "EnvoyConfig", "GatewayCompiler"]),
        tests(
            "EnvoyIntegrationTests", of: "Drivers",
            imports: [
                "NetworkTypes", "ClusterAPI", "EnvoyConfig", "GatewayCompiler", "EnvoyDriver", "LinuxSystem",
                "ToolRunner", "TestSupport",
            ]),
        tests(
            "KeepalivedIntegrationTests", of: "Drivers",
            imports: [
                "NetworkTypes", "Keepalived", "KeepalivedDriver", "NFTables", "NFTablesDriver", "LinuxSystem",
                "ToolRunner", "ClusterAPI", "FailoverModel", "FailoverCompiler", "TestSupport", "TestRandom",
            ]),
        tests(
            "FailoverCompilerTests", of: "Compilers",
            imports: ["NetworkTypes", "ClusterAPI", "FailoverModel", "Keepalived", "NFTables", "FailoverCompiler"]),
        tests(
            "FailoverAgentTests", of: "Services",
            imports: ["NetworkTypes", "ClusterAPI", "FailoverModel", "KubernetesClient", "FailoverAgent"]),
        tests(
            "InstallationModelTests", of: "Models",
            imports: ["NetworkTypes", "ClusterAPI", "AddressAllocation", "InstallationModel"]),
        tests("GatewayAgentTests", of: "Services", imports: ["ClusterAPI", "GatewayAgent"]),
        tests(
            "LinuxIntegrationTests", of: "Drivers",
            imports: [
                "NetworkTypes", "LinkState", "LinuxSystem", "RoutingDriver", "ConntrackDriver", "NFLogDriver",
                "PacketHeaders", "ToolRunner", "TestSupport", "TestRandom",
            ]),
        tests(
            "NFTablesIntegrationTests", of: "Drivers",
            imports: [
                "NetworkTypes", "NFTables", "NFTablesDriver", "LinuxSystem", "ToolRunner", "TestSupport", "TestRandom",
            ],
            products: [logging]),
        tests("ManifestFilesTests", of: "Drivers", imports: ["ClusterAPI", "ManifestFiles"]),
        tests(
            "KubernetesClientTests", of: "Drivers", imports: ["ClusterAPI", "KubernetesClient", "TestSupport"],
            products: [logging, http1] + nio),
        tests(
            "EmbeddedAPIIntegrationTests", of: "Services",
            imports: [
                "NetworkTypes", "ClusterAPI", "AddressAllocation", "APIMachinery", "EmbeddedAPI", "KubernetesClient",
                "LinuxSystem", "ToolRunner", "TestSupport", "TestRandom", "Conversations",
            ],
            products: [logging, httpClient, tls, http1] + nio + x509),
        tests(
            "ClusterControllerTests", of: "Services",
            imports: [
                "NetworkTypes", "ClusterAPI", "APIMachinery", "PolicyEngine", "AddressAllocation", "ServiceModel",
                "KubernetesClient",
                "EmbeddedAPI", "ClusterController", "TestRandom", "TestSupport",
            ],
            products: [logging]),
        .target(
            name: "NodeAgentFakes",
            dependencies: ["ClusterAPI", "NetworkTypes", "NodeModel", "RoutingDriver", "NodeAgent"],
            path: "Tests/Services/NodeAgentFakes", swiftSettings: strict),
        tests(
            "NodeAgentTests", of: "Services",
            imports: [
                "NetworkTypes", "ClusterAPI", "APIMachinery", "PolicyEngine", "NodeModel", "AddressAllocation",
                "CNISpec",
                "LinkState", "NFTables", "DatapathCompiler", "LinuxSystem", "ConntrackDriver", "KubernetesClient",
                "RoutingDriver", "FlowModel", "NodeAgent", "NodeAgentFakes", "NFTablesDriver", "ToolRunner",
                "TestRandom", "EgressNames",
                "TestSupport",
            ],
            products: [logging]),
        tests(
            "FlowLogTests", of: "Services",
            imports: [
                "NetworkTypes", "ClusterAPI", "NodeModel", "FlowModel", "LinuxSystem", "KubernetesClient",
                "NFLogDriver",
                "NodeAgent", "FlowLog", "TestSupport", "EmbeddedAPI",
            ],
            products: [logging, lifecycle, httpClient, http1, tls] + nio),
        tests(
            "CNIIntegrationTests", of: "Services",
            imports: [
                "NetworkTypes", "ClusterAPI", "CNISpec", "NodeModel", "LinkState", "LinuxSystem", "RoutingDriver",
                "ToolRunner", "NodeAgent", "NodeAgentFakes", "TestSupport",
            ],
            products: [logging, lifecycle]),
        tests(
            "ClusterDNSTests", of: "Services",
            imports: [
                "NetworkTypes", "ClusterAPI", "DNSFormats", "ClusterDNS", "EmbeddedAPI", "KubernetesClient",
                "LinuxSystem", "TestSupport",
            ],
            products: [logging]),
        tests(
            "LabTests", of: "Services",
            imports: [
                "NetworkTypes", "ClusterAPI", "PolicyEngine", "LinuxSystem", "DNSFormats", "PodResponder", "Lab",
                "TestSupport", "NFTablesDriver", "ServiceVerdicts",
            ]),
        tests(
            "CommandLineToolTests", of: "Services",
            imports: [
                "NetworkTypes", "ClusterAPI", "PolicyEngine", "PolicyAnalysis", "ManifestFiles", "KubernetesClient",
                "NodeAgent", "Lab", "CommandLineTool", "TestSupport", "FlowModel", "FlowLog", "APIMachinery",
                "PolicyEvidence", "YAML", "EmbeddedAPI", "TestRandom", "LinuxSystem", "AuditTrail",
                "NFTables", "DatapathCompiler", "NFTablesDriver", "CNIPlugin", "CNISpec", "ServiceVerdicts",
                "AddressAllocation", "EgressAddressModel", "EgressAgent", "InstallationModel", "InstallationCompiler",
            ],
            products: [argumentParser, logging]),
        tests("ArchitectureTests", of: "Whole", imports: []),
        .testTarget(
            name: "ClusterSuites",
            dependencies: [
                "NetworkTypes", "ClusterAPI", "APIMachinery", "PolicyEngine", "Lab", "LinuxSystem", "KubernetesClient",
                "ManifestFiles", "ServiceVerdicts", "ToolRunner", "TestRandom", "TestSupport", "NFTables",
                "DatapathCompiler",
            ],
            path: "Tests/Suites/ClusterSuites", swiftSettings: strict),
        .testTarget(
            name: "KubernetesSuites",
            dependencies: [
                "NetworkTypes", "ClusterAPI", "KubernetesClient", "LinuxSystem", "ToolRunner", "TestSupport",
                "Conversations", logging,
            ],
            path: "Tests/Suites/KubernetesSuites", swiftSettings: strict),
        .testTarget(
            name: "StandaloneSuites", dependencies: ["LinuxSystem", "ToolRunner", "TestSupport"],
            path: "Tests/Suites/StandaloneSuites", swiftSettings: strict),
    ]
)
