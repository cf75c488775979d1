import CNISpec
import Testing

@Suite("What a runtime hands over is read as the specification says")
struct InvocationTests {
    static let complete = [
        "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "c0ffee", "CNI_NETNS": "/run/netns/x", "CNI_IFNAME": "eth0",
        "CNI_ARGS": "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0",
    ]

    @Test("a complete environment names the pod")
    func complete() throws {
        let invocation = try Invocation(environment: Self.complete)
        #expect(invocation.command == .add)
        #expect(invocation.containerID == "c0ffee")
        #expect(invocation.pod?.namespace == "shop")
        #expect(invocation.pod?.name == "web-0")
    }

    struct Refusal: CustomTestStringConvertible {
        let changes: [String: String?]
        let mention: String
        var testDescription: String { mention }
    }

    @Test(
        "a missing or malformed variable is code 4 and is named",
        arguments: [
            Refusal(changes: ["CNI_COMMAND": nil], mention: "CNI_COMMAND is not set"),
            Refusal(changes: ["CNI_COMMAND": "add"], mention: "unknown CNI_COMMAND 'add'"),
            Refusal(changes: ["CNI_CONTAINERID": nil, "CNI_IFNAME": nil], mention: "CNI_CONTAINERID, CNI_IFNAME"),
            Refusal(changes: ["CNI_NETNS": nil], mention: "CNI_NETNS"),
            Refusal(changes: ["CNI_CONTAINERID": "../etc"], mention: "invalid CNI_CONTAINERID '../etc'"),
            Refusal(changes: ["CNI_CONTAINERID": "a b"], mention: "invalid CNI_CONTAINERID 'a b'"),
            Refusal(changes: ["CNI_IFNAME": "an-interface-too-long"], mention: "invalid CNI_IFNAME"),
            Refusal(changes: ["CNI_IFNAME": ".."], mention: "invalid CNI_IFNAME '..'"),
            Refusal(changes: ["CNI_IFNAME": "e/0"], mention: "invalid CNI_IFNAME 'e/0'"),
            Refusal(changes: ["CNI_ARGS": "novalue"], mention: "invalid CNI_ARGS pair 'novalue'"),
        ])
    func refused(_ refusal: Refusal) {
        var environment = Self.complete
        for (key, value) in refusal.changes { environment[key] = value }
        let error = #expect(throws: PluginError.self) { try Invocation(environment: environment) }
        #expect(error?.code == .invalidEnvironment)
        #expect(error?.message.contains(refusal.mention) == true)
    }

    @Test("DEL needs no namespace, STATUS, GC and VERSION need no container", arguments: Command.allCases)
    func needs(_ command: Command) throws {
        var environment = ["CNI_COMMAND": command.rawValue]
        if command.concernsOneAttachment {
            environment["CNI_CONTAINERID"] = "c1"
            environment["CNI_IFNAME"] = "eth0"
        }
        if command.needsNamespace {
            #expect(throws: PluginError.self) { try Invocation(environment: environment) }
            environment["CNI_NETNS"] = "/run/netns/c1"
        }
        #expect(try Invocation(environment: environment).command == command)
    }
}
