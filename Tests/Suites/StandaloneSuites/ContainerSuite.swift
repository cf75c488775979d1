import TestSupport
import Testing

extension StandaloneSuites {
    @Suite(.serialized) struct ContainerSuite {
        @Test("containers of podman and ctr are pods that reach each other, and go with their containers")
        func pods() async throws {
            let host = try StandaloneHost()
            try await host.startByContainerd("one")
            try await host.startByPodman("two")
            let (one, two) = (try await host.address("one"), try await host.address("two"))
            #expect(one.hasPrefix("10.128.") && two.hasPrefix("10.128.") && one != two)
            #expect(try await host.ask(two, from: .containerd("one")) == "two")
            #expect(try await host.ask(one, from: .podman("two")) == "one")
            let labels = try await host.kubectl("get", "pod", "one", "-o", "jsonpath={.metadata.labels}")
            #expect(labels == #"{"gabion.io/container":"one"}"#)
            try await host.endByContainerd("one")
            try await host.podman("rm", "--force", "--time", "0", "two")
            try await eventually("their pods go", within: .seconds(20)) {
                try await host.kubectl("get", "pods", "-o", "name").isEmpty
            }
        }

        @Test("policies hold for containers by the labels of the pods that are declared for them")
        func policies() async throws {
            let host = try StandaloneHost()
            try await host.create(Self.manifest)
            try await host.startByContainerd("db", in: "shop")
            // podman's containers are in a namespace by their network.
            try await host.run(["sh", "-c", Self.network])
            try await host.startByPodman("web", network: "shop")
            try await host.startByPodman("other")
            let database = try await host.address("db", in: "shop")
            #expect(try await host.ask(database, from: .podman("web")) == "db")
            #expect(try await host.ask(database, from: .podman("other")) == nil)
            try await host.kubectl("label", "pod", "web", "-n", "shop", "tier-", "--overwrite")
            try await eventually("the label is gone, and so is the way", within: .seconds(10)) {
                try await host.ask(database, from: .podman("web")) == nil
            }
            try await host.podman("rm", "--force", "--time", "0", "web", "other")
            try await host.endByContainerd("db", in: "shop")
            try await eventually("declared pods stay, and wait", within: .seconds(20)) {
                try await host.kubectl("get", "pods", "-n", "shop", "-o", "jsonpath={.items[*].status.phase}")
                    == "Pending Pending"
            }
            try await host.kubectl("delete", "namespace", "shop", "--wait=false")
        }

        private static let network = """
            sed 's/"name" : "gabion"/"name" : "shop"/; s/"type" : /"namespace": "shop", "type" : /' \
            /etc/cni/net.d/10-gabion.conflist > /etc/cni/net.d/20-shop.conflist
            """

        private static let manifest = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {tier: web}}
            spec: {nodeName: machine, containers: [{name: web, image: none}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: db, namespace: shop, labels: {tier: db}}
            spec: {containers: [{name: db, image: none}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: db, namespace: shop}
            spec:
              podSelector: {matchLabels: {tier: db}}
              ingress: [{from: [{podSelector: {matchLabels: {tier: web}}}]}]

            """

        @Test("while gabion run is dead containers keep network and policies, and go on when it is back")
        func restarted() async throws {
            let host = try StandaloneHost()
            try await host.startByPodman("first")
            try await host.startByContainerd("second")
            let (first, second) = (try await host.address("first"), try await host.address("second"))
            // Its parts die with it.
            try await host.gabion("stop", "KILL")
            #expect(try await host.ask(first, from: .containerd("second")) == "first")
            #expect((try? await host.startByContainerd("third")) == nil)
            try await host.gabion("start")
            _ = try? await host.ctr("container", "delete", "third")
            try await host.startByPodman("fourth")
            #expect(try await host.ask(second, from: .podman("fourth")) == "second")
            #expect(try await host.address("first") == first)
            try await host.podman("rm", "--force", "--time", "0", "first", "fourth")
            try await host.endByContainerd("second")
            try await eventually("their pods go", within: .seconds(30)) {
                try await host.kubectl("get", "pods", "-o", "name").isEmpty
            }
        }
    }
}
