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
              gabion get pods,services,networkpolicies -n colors
              gabion get netpol green-to-gray -n colors -o yaml
              gabion get pods -A -l app=web -o json
              gabion get hostsubnets --lab lab
            """)

    @Argument(
        help: "The kind: pods, networkpolicies (or netpol), hostsubnets and any other; several with commas.",
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

    private var kinds: [String] { kind.split(separator: ",").map { String($0) } }

    func validate() throws {
        if kinds.isEmpty { throw ValidationError("Say which kind of objects to show, such as pods.") }
        if kinds.count > 1, name != nil {
            throw ValidationError("One object has one kind: give NAME or several kinds, not both.")
        }
        if allNamespaces, name != nil {
            throw ValidationError("One object has one namespace: give NAME or -A, not both.")
        }
        if allNamespaces, namespace != nil { throw ValidationError("Give -n or -A, not both.") }
    }

    func run() async throws {
        let own = try cluster.configuration().namespace
        try await cluster.withClient { client in
            var found: [DiscoveredResource] = []
            for kind in kinds { found.append(try await client.resource(named: kind)) }
            var tables: [String] = []
            var values: [JSONValue] = []
            for resource in found {
                let scope = resource.type.isNamespaced && !allNamespaces ? namespace ?? own : nil
                if output == .table {
                    tables.append(try await table(client, resource, in: scope, isOneOfMany: found.count > 1))
                } else {
                    values += try await objects(client, resource.type, in: scope)
                }
            }
            try write(tables, values)
        }
    }

    private func write(_ tables: [String], _ values: [JSONValue]) throws {
        // One object that was asked for by its name is no list.
        let value: JSONValue =
            name == nil ? ["apiVersion": "v1", "kind": "List", "items": .array(values)] : values.first ?? .null
        switch output {
        case .table: StandardOutput.write(tables.filter { !$0.isEmpty }.joined(separator: "\n"))
        case .json: StandardOutput.write(try ObjectText.json(value))
        case .yaml: StandardOutput.write(ObjectText.yaml(value))
        }
    }

    private func table(
        _ client: KubernetesClient, _ resource: DiscoveredResource, in namespace: String?, isOneOfMany: Bool
    ) async throws -> String {
        let type = resource.type
        let table = try await client.table(type, name, in: namespace, options: ListOptions(labelSelector: selector))
        let text = ObjectTable(
            table, showsNamespace: allNamespaces && type.isNamespaced, kind: isOneOfMany ? resource.singularName : nil
        ).text
        if text.isEmpty {
            let place = namespace.map { " in namespace \($0); every namespace: -A" } ?? ""
            StandardError.write("there are no \(type.plural)\(place)")
        }
        return text
    }

    private func objects(
        _ client: KubernetesClient, _ type: ResourceType, in namespace: String?
    ) async throws -> [JSONValue] {
        if let name { return [try await client.get(type, name, in: namespace)] }
        return try await client.list(type, in: namespace, options: ListOptions(labelSelector: selector)).items
    }
}

enum ObjectFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, yaml
}
