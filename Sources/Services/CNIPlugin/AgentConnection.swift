package import CNISpec
import FoundationEssentials
import LinuxSystem

/// A way to put one request to the agent.
package protocol AgentConnection {
    /// - Throws: code 11 (code 50 for STATUS) when no agent answers at `socket`, code 5 when the conversation breaks off.
    func exchange(_ request: PluginRequest, socket: String) throws(PluginError) -> PluginResponse
}

/// The real agent, behind its unix socket: one connection, one request, one response.
package struct UnixAgentConnection: AgentConnection {
    /// How long the agent may take; container runtimes give up after a few minutes at the most.
    package let timeout: Duration

    package init(timeout: Duration = .seconds(60)) { self.timeout = timeout }

    package func exchange(_ request: PluginRequest, socket path: String) throws(PluginError) -> PluginResponse {
        let command = request.invocation.command
        let socket: Socket
        do {
            socket = try Socket.connect(unix: path)
        } catch {
            throw PluginError(
                command == .status ? .notAvailable : .tryAgainLater,
                "no Gabion agent answers at \(path) (\(error.number))",
                details:
                    "\(command.rawValue) needs the agent of this node: start `gabion agent`, or correct 'socket' in the "
                    + "network configuration; running containers keep their network and their policy meanwhile")
        }
        do {
            let body = try JSONEncoder().encode(request)
            try socket.sendAll(Frame.encode([UInt8](body)), within: timeout)
            let header = try socket.receiveExactly(Frame.headerLength, within: timeout)
            guard let length = Frame.bodyLength(header: header) else {
                throw PluginError(.ioFailure, "the agent at \(path) answered in another protocol")
            }
            let answer = try socket.receiveExactly(length, within: timeout)
            return try JSONDecoder().decode(PluginResponse.self, from: Data(answer))
        } catch let error as PluginError {
            throw error
        } catch let error as SystemError where error.number == .timedOut {
            throw PluginError(
                command == .status ? .notAvailable : .tryAgainLater,
                "the agent at \(path) takes connections, but did not answer \(command.rawValue) in \(timeout)",
                details: "it is stopped, or waits for something: see its log, or start it again")
        } catch {
            throw PluginError(
                .tryAgainLater, "the agent at \(path) broke off \(command.rawValue)",
                details: "\(error); it may be restarting, try again")
        }
    }
}
