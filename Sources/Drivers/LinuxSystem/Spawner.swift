import CLinux
import Glibc

extension Program {
    /// Starts the program.
    ///
    /// The child's standard input is empty unless asked otherwise; no other descriptor is passed on.
    package func spawn() throws -> ProcessHandle {
        let namespace: OwnedDescriptor? = self.namespace == .current ? nil : try self.namespace.open()
        let nothing = try OwnedDescriptor.open("/dev/null", for: .readWrite)
        var file: OwnedDescriptor?
        if case .file(let path) = output { file = try OwnedDescriptor.open(path, for: .append) }
        let out =
            switch output {
            case .discard: nothing.rawValue
            case .file: Self.raw(file) ?? nothing.rawValue
            case .inherit: Int32(1)
            }
        let request = SpawnRequest(
            program: self, input: input == .inherit ? 0 : nothing.rawValue, output: out,
            error: output == .inherit ? 2 : out, namespace: Self.raw(namespace) ?? -1)
        let pid = try SpawnThread.shared.spawn(request)
        return try ProcessHandle(pid: pid)
    }

    private static func raw(_ descriptor: borrowing OwnedDescriptor?) -> Int32? {
        switch descriptor {
        case .some(let owned): owned.rawValue
        case .none: nil
        }
    }
}

struct SpawnRequest: Sendable {
    let program: Program
    let input: Int32
    let output: Int32
    let error: Int32
    let namespace: Int32

    func run() throws(SystemError) -> Int32 {
        var arguments = ([program.path] + program.arguments).map { strdup($0) }
        var variables = program.environment.map { strdup("\($0.key)=\($0.value)") }
        let path = strdup(program.path)
        let directory = program.directory.map { strdup($0) } ?? nil
        let resolver = program.resolverFile.map { strdup($0) } ?? nil
        defer { for text in arguments + variables + [path, directory, resolver] { free(text) } }
        arguments.append(nil)
        variables.append(nil)
        var step: Int32 = 0
        let pid = arguments.withUnsafeBufferPointer { argv in
            variables.withUnsafeBufferPointer { envp in
                var request = clinux_spawn_request(
                    path: path, argv: argv.baseAddress, envp: envp.baseAddress, directory: directory,
                    resolver_file: resolver, input: input, output: output, error: error, network_namespace: namespace,
                    new_session: program.ownSession ? 1 : 0,
                    parent_death_signal: program.signalOnParentDeath?.rawValue ?? 0)
                return clinux_spawn(&request, &step)
            }
        }
        guard pid > 0 else { throw SystemError("start (\(Self.name(step)))", program.path) }
        return pid
    }

    private static func name(_ step: Int32) -> String {
        switch UInt32(bitPattern: step) {
        case CLINUX_SPAWN_FORK.rawValue: "fork"
        case CLINUX_SPAWN_NAMESPACE.rawValue: "enter its network namespace"
        case CLINUX_SPAWN_RESOLVER.rawValue: "give it its resolv.conf"
        case CLINUX_SPAWN_DEATH_SIGNAL.rawValue: "set its death signal"
        case CLINUX_SPAWN_SESSION.rawValue: "make its session"
        case CLINUX_SPAWN_DIRECTORY.rawValue: "change its directory"
        case CLINUX_SPAWN_DESCRIPTORS.rawValue: "set its descriptors"
        default: "execute"
        }
    }
}

/// The kernel ties a death signal to the *thread* that started the child, so one thread that never ends starts them all.
private final class SpawnThread: Sendable {
    static let shared = SpawnThread()

    private struct State {
        var started = false
        var jobs: [@Sendable () -> Void] = []
    }

    private let queue = Monitor(State())

    func spawn(_ request: SpawnRequest) throws -> Int32 {
        let answer = Monitor<Result<Int32, SystemError>?>(nil)
        let mustStart = queue.change { state in
            defer { state.started = true }
            state.jobs.append {
                let result = Result { () throws(SystemError) -> Int32 in try request.run() }
                answer.change { $0 = result }
            }
            return !state.started
        }
        if mustStart {
            let thread = try DedicatedThread.start { [queue] in
                while true {
                    let job = queue.wait { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
                    job()
                }
            }
            pthread_detach(thread)
        }
        return try answer.wait { $0 }.get()
    }
}
