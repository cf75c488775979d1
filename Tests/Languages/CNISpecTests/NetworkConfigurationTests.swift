import CNISpec
import Foundation
import Testing

@Suite("Configurations of every version are understood or refused by name")
struct NetworkConfigurationTests {
    func parse(_ text: String) throws -> NetworkConfiguration {
        try JSONDecoder().decode(NetworkConfiguration.self, from: Data(text.utf8))
    }

    @Test(
        "a verb exists from its version on",
        arguments: [
            ("0.3.1", Command.add, true), ("0.3.1", .check, false), ("0.4.0", .check, true), ("1.0.0", .gc, false),
            ("1.0.0", .status, false), ("1.1.0", .gc, true), ("1.1.0", .status, true), ("0.3.1", .del, true),
        ])
    func verbs(version: String, command: Command, isServed: Bool) throws {
        let configuration = try parse(#"{"cniVersion":"\#(version)","name":"n","type":"gabion-cni"}"#)
        if isServed {
            #expect(try configuration.version(for: command).rawValue == version)
        } else {
            let error = #expect(throws: PluginError.self) { try configuration.version(for: command) }
            #expect(error?.code == .incompatibleVersion)
        }
    }

    @Test("other versions are code 1", arguments: ["0.1.0", "0.2.0", "0.3.0", "2.0.0", "", "x"])
    func unknownVersion(_ version: String) throws {
        let configuration = try parse(#"{"cniVersion":"\#(version)","name":"n"}"#)
        let error = #expect(throws: PluginError.self) { try configuration.version(for: .add) }
        #expect(error?.code == .incompatibleVersion)
    }

    @Test("an absent version is the specification's 0.1.0")
    func absentVersion() throws {
        #expect(throws: PluginError.self) { try parse(#"{"name":"n"}"#).version(for: .add) }
    }

    @Test("a name that cannot be part of a file name is code 7", arguments: ["", "a/b", "-x", "a b"])
    func badName(_ name: String) throws {
        let error = #expect(throws: PluginError.self) { try parse(#"{"name":"\#(name)"}"#).checkName() }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test("capability arguments and the list of valid attachments are read")
    func capabilities() throws {
        let configuration = try parse(
            #"""
            {"cniVersion":"1.1.0","name":"n","type":"gabion-cni","unknown":{"x":1},
             "runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}],
                              "bandwidth":{"ingressRate":1000000,"ingressBurst":8000}},
             "cni.dev/valid-attachments":[{"containerID":"a","ifname":"eth0"}]}
            """#)
        #expect(configuration.runtimeConfig?.portMappings?.first?.hostPort == 8080)
        #expect(configuration.runtimeConfig?.bandwidth?.ingressRate == 1_000_000)
        #expect(configuration.validAttachments == [.init(containerID: "a", ifname: "eth0")])
    }
}
