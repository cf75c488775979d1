# make demo   the main job in a minute: a cluster on this machine, policies, verdict against real packets
# make test   everything that proves it works
# make test-kubernetes  the same on a real Kubernetes of three nodes (the first time builds it, which takes ten minutes)
# make test-standalone  the containers of podman and containerd on this machine, without Kubernetes
# make bench  how fast it is, as ratios measured side by side (docs/performance.md)
# make envoy  the Envoy that egress gateways run, into /var/cache/gabion-tools
# make check  format and warnings only

CONFIGURATION ?= debug
BUILD = swift build -c $(CONFIGURATION)
BIN = $(shell swift build -c $(CONFIGURATION) --show-bin-path)
BUILD_PACKAGES = git=git /usr/include/sqlite3.h=libsqlite3-dev
RUN_PACKAGES = nft=nftables ip=iproute2 nsenter=util-linux keepalived=keepalived
TEST_PACKAGES = /usr/lib/*/datefudge/datefudge.so=datefudge dnsmasq=dnsmasq-base conntrack=conntrack tcpdump=tcpdump python3=python3 /usr/lib/python3*/ensurepip/__init__.py=python3-venv
STANDALONE_PACKAGES = podman=podman ctr=containerd runc=runc crun=crun conmon=conmon /usr/lib/cni/loopback=containernetworking-plugins /usr/share/containers/containers.conf=golang-github-containers-common busybox=busybox-static mmdebstrap=mmdebstrap strip=binutils
BENCH_PACKAGES = iperf3=iperf3 /usr/lib/cni/bridge=containernetworking-plugins

# Two tests at a time: many of them time real programs and kernels, and all of them share two cores in CI. Whole clusters come
# after the rest, alone. run-tests tells at its end what failed.
RUN_TESTS = scripts/run-tests

.PHONY: demo test test-kubernetes test-standalone bench build envoy check format clean

demo:
	@scripts/require-root demo
	@scripts/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES)
	@echo "Building (the first time takes several minutes)"
	@$(BUILD)
	@$(BIN)/gabion lab demo --directory examples/demo

test:
	@scripts/require-root test
	@$(MAKE) --no-print-directory check
	@scripts/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)
	@scripts/install-clients
	@scripts/install-envoy
	$(BUILD) --build-tests
	$(RUN_TESTS) tests -c $(CONFIGURATION) --skip ClusterSuites --skip KubernetesSuites --skip StandaloneSuites
	$(RUN_TESTS) clusters -c $(CONFIGURATION) --filter ClusterSuites

test-kubernetes:
	@scripts/require-root test-kubernetes
	@scripts/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES) openssl=openssl strip=binutils
	@scripts/install-clients
	@Suites/kubernetes/prepare
	$(BUILD) --build-tests
	GABION_PROGRAMS=$(BIN) Suites/kubernetes/run Suites/kubernetes/ask $(RUN_TESTS) kubernetes -c $(CONFIGURATION)

test-standalone:
	@scripts/require-root test-standalone
	@scripts/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES) $(STANDALONE_PACKAGES)
	@scripts/install-clients
	@scripts/install-envoy
	$(BUILD) --build-tests
	GABION_PROGRAMS=$(BIN) Suites/standalone/run $(RUN_TESTS) standalone -c $(CONFIGURATION) --filter StandaloneSuites

bench:
	@scripts/require-root bench
	@scripts/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES) $(BENCH_PACKAGES)
	swift build -c release
	@$(shell swift build -c release --show-bin-path)/gabion bench --output .build/bench.json --table docs/performance.md

build:
	@scripts/install-packages $(BUILD_PACKAGES)
	$(BUILD)

envoy:
	@scripts/require-root envoy
	@scripts/install-packages $(TEST_PACKAGES)
	@scripts/install-envoy

# Warnings are errors in every build (Package.swift); this checks what the compiler does not.
check:
	swift format lint --strict --parallel --recursive --configuration .swift-format Package.swift Sources Tests

format:
	swift format format --in-place --parallel --recursive --configuration .swift-format Package.swift Sources Tests

clean:
	rm -rf .build
