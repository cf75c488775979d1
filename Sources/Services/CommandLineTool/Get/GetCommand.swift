import ArgumentParser
import ClusterAPI
import KubernetesClient

/// `gabion get`: objects of the API, for a machine without kubectl.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show objects of the API: nodes, pods, policies, node subnets.",
        discussion: """
            Kinds go by their plural, singular or short name, as with kubectl.
              gabion get pods -A
              gabion get networkpolicy green-to-gray -n colors -o yaml
              gabion get hostsubnets
            """)

    @Argument(help: "The kind: pods, po, networkpolicy, netpol, hostsubnets, …")
    var kind: String

    @Argument(help: "One object's name; without it, all.")
    var name: String?

    @Option(name: .shortAndLong, help: "The namespace; by default the kubeconfig's.")
    var namespace: String?

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "Every namespace.")
    var allNamespaces = false

    @Option(
        name: [.customShort("l"), .customLong("selector")], help: "Only objects with these labels: app=web,tier!=db.")
    var selector: String?

    @Option(name: .shortAndLong, help: "table, json or yaml.")
    var output: ObjectFormat = .table

    @OptionGroup var cluster: ClusterOption

    func validate() throws {
        if allNamespaces, name != nil {
            throw ValidationError("One object has one namespace: give NAME or -A, not both.")
        }
        if allNamespaces, namespace != nil { throw ValidationError("Give -n or -A, not both.") }
    }

    func run() async throws {
        let own = try cluster.configuration().namespace
        try await cluster.withClient { client in
            let found = try await client.resource(named: kind)
            let scope = found.type.isNamespaced && !allNamespaces ? namespace ?? own : nil
            print(try await text(client, found.type, in: scope), terminator: "")
        }
    }

    private func text(_ client: KubernetesClient, _ type: ResourceType, in namespace: String?) async throws -> String {
        let options = ListOptions(labelSelector: selector)
        if output == .table {
            let table = try await client.table(type, name, in: namespace, options: options)
            return ObjectTable(table, showsNamespace: allNamespaces && type.isNamespaced).text
        }
        let value: JSONValue
        if let name {
            value = try await client.get(type, name, in: namespace)
        } else {
            let items = try await client.list(type, in: namespace, options: options).items
            value = ["apiVersion": "v1", "kind": "List", "items": .array(items)]
        }
        return output == .json ? try ObjectText.json(value) : ObjectText.yaml(value)
    }
}

enum ObjectFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, yaml
}
