/// Programs for the Python client; each ends with an AssertionError or says `passed`.
enum ClientPythonScripts {
    private static let head = """
        import sys
        from kubernetes import client, config, watch
        from kubernetes.client.exceptions import ApiException
        config.load_kube_config(sys.argv[1])
        core, net, custom = client.CoreV1Api(), client.NetworkingV1Api(), client.CustomObjectsApi()

        def refused(code, reason, call, *arguments, **options):
            try:
                call(*arguments, **options)
            except ApiException as error:
                assert error.status == code, error
                assert reason in (error.body or error.reason), error
                return
            assert False, "was not refused with %d %s" % (code, reason)

        def wire(object):
            return client.ApiClient().sanitize_for_serialization(object)

        def config_map(name, **data):
            return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name), data=data)

        """

    private static let tail = "\nprint('passed')\n"

    /// Typed objects of several kinds: create, read, list, patch, replace, delete.
    static let objects =
        head + """
            core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name="shop")))
            container = client.V1Container(name="c", image="i", ports=[client.V1ContainerPort(container_port=80, name="http")])
            pod = client.V1Pod(metadata=client.V1ObjectMeta(name="web", labels={"color": "green"}),
                               spec=client.V1PodSpec(containers=[container]))
            made = core.create_namespaced_pod("shop", pod)
            assert made.metadata.uid and made.status.phase == "Pending" and made.spec.restart_policy == "Always"
            assert made.spec.containers[0].ports[0].protocol == "TCP"
            refused(409, "AlreadyExists", core.create_namespaced_pod, "shop", pod)
            core.patch_namespaced_pod_status("web", "shop", {"status": {"phase": "Running", "podIP": "10.0.0.1"}})
            assert wire(core.read_namespaced_pod("web", "shop"))["status"]["podIPs"] == [{"ip": "10.0.0.1"}]
            assert [p.metadata.name for p in core.list_namespaced_pod("shop", label_selector="color=green").items] == ["web"]
            assert core.list_pod_for_all_namespaces(field_selector="status.phase=Pending").items == []

            policy = client.V1NetworkPolicy(
                metadata=client.V1ObjectMeta(name="p"),
                spec=client.V1NetworkPolicySpec(
                    pod_selector=client.V1LabelSelector(match_labels={"color": "green"}),
                    ingress=[client.V1NetworkPolicyIngressRule(ports=[client.V1NetworkPolicyPort(port=80)])]))
            stored = net.create_namespaced_network_policy("shop", policy)
            assert stored.spec.policy_types == ["Ingress"] and stored.metadata.generation == 1
            stored.spec.ingress[0].ports[0].port = "http"
            stored = net.replace_namespaced_network_policy("p", "shop", stored)
            assert stored.metadata.generation == 2
            policy.metadata.name = "bad"
            policy.spec.ingress[0].ports[0].port = 70000
            refused(422, "spec.ingress[0].ports[0].port", net.create_namespaced_network_policy, "shop", policy)

            lease = client.V1Lease(metadata=client.V1ObjectMeta(name="l"),
                                   spec=client.V1LeaseSpec(holder_identity="me", lease_duration_seconds=15))
            assert client.CoordinationV1Api().create_namespaced_lease("shop", lease).spec.holder_identity == "me"
            node = core.create_node(client.V1Node(metadata=client.V1ObjectMeta(name="n1"), spec=client.V1NodeSpec(unschedulable=True)))
            assert wire(node)["spec"] == {"unschedulable": True}

            first = core.list_namespace(limit=2)
            rest = core.list_namespace(limit=50, _continue=first.metadata._continue)
            assert len(first.items) == 2 and "shop" in [n.metadata.name for n in first.items + rest.items]
            core.delete_namespaced_pod("web", "shop")
            refused(404, "NotFound", core.read_namespaced_pod, "web", "shop")
            refused(404, "NotFound", core.delete_namespaced_pod, "web", "shop")
            assert client.VersionApi().get_code().major == "1"
            """ + tail

    /// Optimistic concurrency and the patch formats.
    static let conflicts =
        head + """
            one = core.create_namespaced_config_map("default", config_map("c", a="1"))
            two = core.read_namespaced_config_map("c", "default")
            one.data["a"] = "2"
            core.replace_namespaced_config_map("c", "default", one)
            two.data["a"] = "3"
            refused(409, "the object has been modified", core.replace_namespaced_config_map, "c", "default", two)
            two.metadata.resource_version = None
            assert core.replace_namespaced_config_map("c", "default", two).data == {"a": "3"}
            merged = core.patch_namespaced_config_map("c", "default", {"data": {"b": "4"}})
            assert merged.data == {"a": "3", "b": "4"}
            operations = [{"op": "test", "path": "/data/a", "value": "3"}, {"op": "remove", "path": "/data/a"}]
            assert core.patch_namespaced_config_map("c", "default", operations).data == {"b": "4"}
            refused(422, "the server rejected our request", core.patch_namespaced_config_map, "c", "default", operations)
            stale = {"metadata": {"resourceVersion": one.metadata.resource_version}, "data": {"z": "1"}}
            refused(409, "Conflict", core.patch_namespaced_config_map, "c", "default", stale)
            wrong = client.V1DeleteOptions(preconditions=client.V1Preconditions(uid="other"))
            refused(409, "the UID in the precondition", core.delete_namespaced_config_map, "c", "default", body=wrong)
            core.delete_collection_namespaced_config_map("default")
            assert core.list_namespaced_config_map("default").items == []
            """ + tail

    /// A watch from a list on, and a second one that resumes where the first stopped.
    static let watches =
        head + """
            def events(count, **options):
                watcher, seen = watch.Watch(), []
                for event in watcher.stream(core.list_namespaced_config_map, "default", timeout_seconds=20, **options):
                    seen.append((event["type"], event["object"].metadata.name))
                    last = event["object"].metadata.resource_version
                    if len(seen) == count:
                        watcher.stop()
                return seen, last

            start = core.list_namespaced_config_map("default").metadata.resource_version
            core.create_namespaced_config_map("default", config_map("a", k="1"))
            core.patch_namespaced_config_map("a", "default", {"metadata": {"labels": {"x": "y"}}})
            core.create_namespaced_config_map("default", config_map("b"))
            core.delete_namespaced_config_map("a", "default")
            every = [("ADDED", "a"), ("MODIFIED", "a"), ("ADDED", "b"), ("DELETED", "a")]
            seen, _ = events(4, resource_version=start)
            assert seen == every, seen
            seen, place = events(2, resource_version=start)
            assert seen == every[:2], seen
            seen, _ = events(2, resource_version=place)
            assert seen == every[2:], seen
            seen, _ = events(1)
            assert seen == [("ADDED", "b")], seen
            seen, _ = events(2, resource_version=start, label_selector="x=y")
            assert seen == [("ADDED", "a"), ("DELETED", "a")], seen
            """ + tail

    /// For a server that keeps little history: an old watch is told to list anew.
    static let expiry =
        head + """
            start = core.list_namespaced_config_map("default").metadata.resource_version
            core.create_namespaced_config_map("default", config_map("c", n="0"))
            page = core.list_namespaced_config_map("kube-system", limit=1)
            for round in range(60):
                core.patch_namespaced_config_map("c", "default", {"data": {"n": str(round + 1)}})

            def old_watch():
                for _ in watch.Watch().stream(core.list_namespaced_config_map, "default", resource_version=start, timeout_seconds=5):
                    pass

            refused(410, "too old resource version", old_watch)
            fresh = core.list_namespaced_config_map("default")
            assert fresh.items[0].data == {"n": "60"}
            for event in watch.Watch().stream(core.list_namespaced_config_map, "default", resource_version=fresh.metadata.resource_version, timeout_seconds=1):
                assert False, event
            """ + tail

    /// A definition, its objects by the generic API, and the dynamic client's discovery.
    static let customObjects =
        head + """
            import time
            from kubernetes import dynamic
            names = {"plural": "widgets", "singular": "widget", "kind": "Widget"}
            version = {"name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
                       "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}
            client.ApiextensionsV1Api().create_custom_resource_definition({
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.example.com"},
                "spec": {"group": "example.com", "scope": "Namespaced", "names": names, "versions": [version]}})
            place = ("example.com", "v1", "default", "widgets")
            for _ in range(100):
                try:
                    custom.list_namespaced_custom_object(*place)
                    break
                except ApiException as error:
                    assert error.status == 404, error
                    time.sleep(0.05)
            widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"size": 1}, "status": {"x": 1}}
            made = custom.create_namespaced_custom_object(*place, widget)
            assert "status" not in made and made["metadata"]["generation"] == 1
            custom.patch_namespaced_custom_object(*place, "w", {"spec": {"size": 2}})
            done = custom.patch_namespaced_custom_object_status(*place, "w", {"spec": {"size": 9}, "status": {"ready": True}})
            assert done["spec"] == {"size": 2} and done["status"] == {"ready": True} and done["metadata"]["generation"] == 2
            widgets = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="example.com/v1", kind="Widget")
            assert [w.metadata.name for w in widgets.get(namespace="default").items] == ["w"]
            custom.delete_namespaced_custom_object(*place, "w")
            assert custom.list_namespaced_custom_object(*place)["items"] == []
            """ + tail
}
