import CLinux
import LinkState
import LinuxSystem

/// Requests about queueing disciplines and filters (tc(8)), and what the kernel reports of ours.
enum ShapingMessages {
    /// Handle 71: of our root queues, preference 71 of our filters: how they are known.
    private static let handle = UInt32(LinkState.protocolNumber) << 16
    private static let preference = UInt32(LinkState.protocolNumber)
    /// Of `clsact`, the stand of filters on a link, and of its ingress side.
    private static let stand: UInt32 = 0xFFFF_0000
    private static let ingress: UInt32 = 0xFFFF_FFF2
    /// `ETH_P_ALL`, 3, in network byte order.
    private static let everyProtocol = UInt32(UInt16(3).bigEndian)
    /// A `tc_u32_sel`, which ends in an array that Swift cannot say, with one `tc_u32_key` whose empty mask fits every packet:
    /// `flags`, `offshift`, `nkeys`, and zeros.
    private static let everyPacket =
        [UInt8(TC_U32_TERMINAL), 0, 1] + [UInt8](repeating: 0, count: 13 + MemoryLayout<tc_u32_key>.size)

    /// Puts the queue; in place of another of ours the packets in it stay.
    static func put(_ shaper: LinkState.Shaper, index: UInt32) -> NetlinkMessage {
        var message = request(
            RTM_NEWQDISC, index: index, parent: TC_H_ROOT, handle: handle,
            flags: NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE)
        message.payload.put(TCA_KIND, text: "tbf")
        message.payload.nest(TCA_OPTIONS) { options in
            var bucket = tc_tbf_qopt()
            // Ethernet's framing: times are computed, not read from a table that we would have to send.
            bucket.rate.linklayer = UInt8(TC_LINKLAYER_ETHERNET.rawValue)
            bucket.rate.rate = UInt32(clamping: shaper.rate)
            bucket.buffer = shaper.depth
            bucket.limit = shaper.limit
            options.put(TCA_TBF_PARMS, structure: bucket)
            if shaper.rate > UInt64(UInt32.max) { options.put(TCA_TBF_RATE64, shaper.rate) }
        }
        return message
    }

    static func removeShaper(index: UInt32) -> NetlinkMessage {
        request(RTM_DELQDISC, index: index, parent: TC_H_ROOT, handle: handle)
    }

    /// The stand of filters if there is none yet, and the filter.
    static func addRedirect(index: UInt32, queue: UInt32) -> [NetlinkMessage] {
        var place = request(
            RTM_NEWQDISC, index: index, parent: TC_H_CLSACT, handle: stand, flags: NLM_F_REQUEST | NLM_F_CREATE)
        place.payload.put(TCA_KIND, text: "clsact")
        var filter = filter(RTM_NEWTFILTER, index: index, flags: LinkMessages.createFlags)
        filter.payload.put(TCA_KIND, text: "u32")
        filter.payload.nest(TCA_OPTIONS) { options in
            options.put(TCA_U32_SEL, bytes: everyPacket)
            options.nest(TCA_U32_ACT) { actions in
                actions.nest(1) { action in
                    action.put(TCA_ACT_KIND, text: "mirred")
                    action.nest(TCA_ACT_OPTIONS) { $0.put(TCA_MIRRED_PARMS, structure: tc_mirred(queue)) }
                }
            }
        }
        return [place, filter]
    }

    static func removeRedirect(index: UInt32) -> NetlinkMessage {
        var message = filter(RTM_DELTFILTER, index: index, flags: NLM_F_REQUEST)
        message.payload.put(TCA_KIND, text: "u32")
        return message
    }

    private static func filter(_ type: Int, index: UInt32, flags: some BinaryInteger) -> NetlinkMessage {
        var message = request(type, index: index, parent: ingress, handle: 0, flags: flags)
        message.payload = NetlinkWriter(
            header: header(index, parent: ingress, handle: 0, info: preference << 16 | everyProtocol))
        return message
    }

    private static func request(
        _ type: Int, index: UInt32, parent: UInt32, handle: UInt32, flags: some BinaryInteger = NLM_F_REQUEST
    ) -> NetlinkMessage {
        NetlinkMessage(
            type: type, flags: flags,
            payload: NetlinkWriter(header: header(index, parent: parent, handle: handle, info: 0)))
    }

    private static func header(_ index: UInt32, parent: UInt32, handle: UInt32, info: UInt32) -> tcmsg {
        tcmsg(
            tcm_family: 0, tcm__pad1: 0, tcm__pad2: 0, tcm_ifindex: Int32(bitPattern: index), tcm_handle: handle,
            tcm_parent: parent, tcm_info: info)
    }
}

extension ShapingMessages {
    /// Asks for the queues of all links.
    static var queues: NetlinkMessage {
        NetlinkMessage(type: RTM_GETQDISC, payload: NetlinkWriter(header: tcmsg()))
    }

    /// Asks for the filters on what comes in by one link.
    static func filters(index: UInt32) -> NetlinkMessage {
        request(RTM_GETTFILTER, index: index, parent: ingress, handle: 0)
    }

    /// The link that has a stand of filters; nil for any other queue.
    static func filterStand(_ payload: NetlinkView) -> UInt32? {
        guard let header = payload.structure(tcmsg.self), header.tcm_parent == TC_H_CLSACT,
            payload.attributes(after: tcmsg.self)[TCA_KIND]?.text == "clsact"
        else { return nil }
        return UInt32(bitPattern: header.tcm_ifindex)
    }

    /// The shaper that a queue is; nil for one that is not ours.
    static func shaper(_ payload: NetlinkView, names: [UInt32: String]) -> LinkState.Shaper? {
        guard let header = payload.structure(tcmsg.self), header.tcm_parent == TC_H_ROOT, header.tcm_handle == handle,
            let device = names[UInt32(bitPattern: header.tcm_ifindex)]
        else { return nil }
        let attributes = payload.attributes(after: tcmsg.self)
        guard attributes[TCA_KIND]?.text == "tbf", let options = attributes[TCA_OPTIONS]?.attributes,
            let bucket = options[TCA_TBF_PARMS]?.structure(tc_tbf_qopt.self)
        else { return nil }
        return LinkState.Shaper(
            device: device, rate: options[TCA_TBF_RATE64]?.number() ?? UInt64(bucket.rate.rate), depth: bucket.buffer,
            limit: bucket.limit)
    }

    /// The redirect that a filter is; nil for one that is not ours, and for the tables that u32 filters hang on.
    static func redirect(_ payload: NetlinkView, names: [UInt32: String]) -> LinkState.Redirect? {
        guard let header = payload.structure(tcmsg.self), header.tcm_info >> 16 == preference,
            let device = names[UInt32(bitPattern: header.tcm_ifindex)],
            let options = payload.attributes(after: tcmsg.self)[TCA_OPTIONS]?.attributes,
            let action = options[TCA_U32_ACT]?.attributes[1]?.attributes
        else { return nil }
        let parameters = action[TCA_ACT_OPTIONS]?.attributes[TCA_MIRRED_PARMS]?.structure(tc_mirred.self)
        return LinkState.Redirect(from: device, to: parameters.flatMap { names[$0.ifindex] })
    }
}

extension tc_mirred {
    /// Leads packets to another link's queue, and them alone.
    fileprivate init(_ link: UInt32) {
        self.init()
        action = TC_ACT_STOLEN
        eaction = TCA_EGRESS_REDIR
        ifindex = link
    }
}
