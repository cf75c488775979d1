import ClusterAPI
import FlowLog
import FlowModel
import Foundation
import NetworkTypes

@testable import CommandLineTool

/// Flows of a shop, and files with them.
enum SeenFlows {
    static let now: Int64 = 1_780_000_000_000_000

    static func end(_ text: String, _ labels: [String: String], port: UInt16?) -> FlowEndpoint {
        var end: FlowEndpoint
        if let key = ObjectKey(text) {
            let address = IPAddress(v4: 0x0A00_0000 + UInt32(text.utf8.reduce(0) { ($0 &* 31 + Int($1)) & 0xFFFF }))
            end = FlowEndpoint(address: address, pod: key, labels: labels)
        } else {
            end = FlowEndpoint(address: IPAddress(text) ?? IPAddress(v4: 0))
        }
        end.port = port
        return end
    }

    /// Pods have the label app, with their name as value.
    static func flow(
        _ source: String, _ destination: String, _ port: UInt16, _ verdict: FlowRecord.Verdict = .allowed,
        observer: String = "n1", at start: Int64 = now
    ) -> FlowRecord {
        func labels(_ text: String) -> [String: String] { ObjectKey(text).map { ["app": $0.name] } ?? [:] }
        var record = FlowRecord(
            id: start - now + Int64(port), observer: observer, ipProtocol: 6,
            source: end(source, labels(source), port: 40_000),
            destination: end(destination, labels(destination), port: port), verdict: verdict, start: start)
        record.forward = .init(packets: 3, bytes: 1200)
        record.backward = .init(packets: 2, bytes: 300)
        record.isCounted = true
        return record
    }

    static func report(_ flows: [FlowRecord], complete: Bool = true, silent: [String] = []) -> FlowsReport {
        let told = Set(flows.map(\.observer)).union(["n1"]).subtracting(silent)
        let answers = told.sorted().map { name in
            FlowsReport.NodeAnswer(
                name: name, flows: flows.filter { $0.observer == name },
                summary: FlowSummary(node: name, isComplete: complete, losses: FlowLosses()))
        }
        return FlowsReport(answers: answers + silent.map { .init(name: $0, failure: "no answer") })
    }
}
