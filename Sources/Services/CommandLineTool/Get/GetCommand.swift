import ArgumentParser
import ClusterAPI
import KubernetesClient

/// `gabion get`: objects of the API, for a machine without kubectl.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show objects of the API: nodes, pods, policies, node subnets.",
        usage: "gabion get <kind> [<name>] [-n <namespace> | -A] [<options>]",
        discussion: """
            For a machine without kubectl. Kinds go by their plural, singular or short
            name, as with kubectl; any kind that the server has will do.

              gabion get pods -A
              gabion get netpol green-to-gray -n colors -o yaml
              gabion get pods -A -l app=web -o json
              gabion get hostsubnets --lab lab
            """)

    @Argument(
        help: "The kind: pods, networkpolicies (or netpol), hostsubnets and any other.",
        completion: .list([
            "nodes", "namespaces", "pods", "services", "networkpolicies", "hostsubnets", "netnamespaces",
            "clusternetworks", "events", "leases",
        ]))
    var kind: String

    @Argument(help: "One object's name; without it, all.")
    var name: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The namespace; by default the kubeconfig's.", valueName: "namespace"))
    var namespace: String?

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "Every namespace.")
    var allNamespaces = false

    @Option(
        name: [.customShort("l"), .customLong("selector")],
        help: ArgumentHelp("Only objects with these labels: app=web,tier!=db.", valueName: "labels"))
    var selector: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the objects.", valueName: "format"))
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
            let text = try await text(client, found.type, in: scope)
            if text.isEmpty {
                let place = scope.map { " in namespace \($0); every namespace: -A" } ?? ""
                StandardError.write("there are no \(found.type.plural)\(place)")
            }
            StandardOutput.write(text)
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
