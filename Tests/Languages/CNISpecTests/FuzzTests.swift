import CNISpec
import Foundation
import TestRandom
import Testing

@Suite("Nothing that a runtime can write makes the parsers fall over")
struct FuzzTests {
    static let configuration = #"""
        {"cniVersion":"1.1.0","name":"gabion","type":"gabion-cni","prevResult":{"interfaces":[{"name":"eth0","sandbox":"/x"}],
        "ips":[{"address":"10.1.2.3/32","interface":0}],"routes":[{"dst":"0.0.0.0/0"}],"dns":{}},
        "runtimeConfig":{"portMappings":[{"hostPort":1,"containerPort":2}]},"cni.dev/valid-attachments":[]}
        """#

    @Test("damaged configurations are read or refused", arguments: 1...8)
    func configuration(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<400 {
            var bytes = Array(Self.configuration.utf8)
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(contentsOf: bytes[..<min(index, 7)], at: index)
                }
            }
            guard let read = try? JSONDecoder().decode(NetworkConfiguration.self, from: Data(bytes)) else { continue }
            accepted += 1
            for command in Command.allCases {
                if let version = try? read.version(for: command) { _ = read.prevResult?.converted(to: version) }
            }
        }
        // Undamaged ones are among them: the loop did not only see refusals.
        #expect(accepted > 0 && accepted < 400)
    }

    @Test("damaged environments are read, or refused as code 4", arguments: 1...4)
    func environment(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("ADDELCHK;=_./: \u{0}é0")
        for _ in 0..<500 {
            var environment: [String: String] = [:]
            for name in ["CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_ARGS"] {
                let length = Int.random(in: 0...20, using: &generator)
                environment[name] = String(
                    (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
            }
            if Bool.random(using: &generator) { environment["CNI_COMMAND"] = "ADD" }
            do {
                let read = try Invocation(environment: environment)
                #expect(Invocation.isContainerID(read.containerID) || !read.command.concernsOneAttachment)
            } catch {
                #expect(error.code == .invalidEnvironment)
            }
        }
    }
}
