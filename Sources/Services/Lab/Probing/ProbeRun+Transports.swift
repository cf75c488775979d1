import LinuxSystem
import NetworkTypes

extension ProbeRun {
    /// Sends a probe's first packet.
    ///
    /// What fails at once is settled at once.
    mutating func start(_ index: Int, attempt: Int, _ socket: Socket?) {
        let now = ContinuousClock.now
        let key = RawChannel.Key(probes[index])
        flying[index] = Flight(
            attempt: attempt, start: now, socket: socket, channel: key, nextSend: now + prober.timeout / 3)
        do throws(SystemError) {
            if let socket {
                try connect(index, socket)
            } else if let key {
                channels[key]?.enroll(index, probes[index])
                transmit(index)
            }
        } catch {
            settle(index, outcome(index, error.number))
        }
    }

    private mutating func connect(_ index: Int, _ socket: Socket) throws(SystemError) {
        let probe = probes[index]
        if let address = probe.sourceAddress { try socket.bind(to: SocketAddress(address, port: probe.sourcePort)) }
        if probe.transport == .tcp { try socket.resetOnClose() }
        let isConnected = try socket.connect(to: SocketAddress(probe.destination, port: probe.port))
        if probe.transport == .tcp {
            if isConnected { return settle(index, .reached(.connected)) }
            try poll.add(socket.descriptor, .writable, token: UInt64(index))
        } else {
            try poll.add(socket.descriptor, .readable, token: UInt64(index))
            transmit(index)
        }
    }

    /// Sends the packet of a datagram protocol; TCP sends its own again.
    mutating func transmit(_ index: Int) {
        guard let flight = flying[index] else { return }
        let probe = probes[index]
        do throws(SystemError) {
            if let key = flight.channel {
                try channels[key]?.send(index, probe)
            } else if probe.transport == .udp {
                _ = try flight.socket?.send(Array("gabion".utf8))
            }
        } catch {
            settle(index, outcome(index, error.number))
        }
    }

    mutating func take(_ event: EventPoll.Event) {
        guard event.token < UInt64(probes.count) else { return takeChannel(event.token) }
        let index = Int(event.token)
        guard let flight = flying[index], let socket = flight.socket else { return }
        if probes[index].transport == .tcp {
            settle(index, socket.pendingError().map { outcome(index, $0) } ?? .reached(.connected))
            return
        }
        do throws(SystemError) {
            if try socket.receive() != nil { settle(index, .reached(.replied)) }
        } catch {
            settle(index, outcome(index, error.number))
        }
    }

    private mutating func takeChannel(_ token: UInt64) {
        guard let key = channelKeys[token], let channel = channels[key] else { return }
        for (index, evidence) in channel.receive(key) where flying[index] != nil { settle(index, .reached(evidence)) }
    }

    /// ECONNREFUSED is the target's RST or its ICMP port unreachable; everything else says that the packet did not arrive.
    private func outcome(_ index: Int, _ number: ErrorNumber) -> ProbeOutcome {
        guard number == .connectionRefused else { return .refused("\(number)") }
        return .reached(probes[index].transport == .tcp ? .reset : .portUnreachable)
    }
}
