import APIMachinery
import ClusterAPI
import FlowModel
import Foundation
import ManifestFiles

/// Flows in a file, as `gabion flows -o json` writes them.
enum FlowFile {
    /// What several files say together: a node has answered if one of them has its answer.
    static func read(_ paths: [String], standardInput: () throws -> Data) throws -> FlowsReport {
        var answers: [String: FlowsReport.NodeAnswer] = [:]
        for path in paths {
            for answer in try read(path, standardInput).answers {
                answers[answer.name] = answers[answer.name].map { merged($0, answer) } ?? answer
            }
        }
        return FlowsReport(answers: answers.values.sorted { $0.name < $1.name })
    }

    private static func merged(
        _ one: FlowsReport.NodeAnswer, _ other: FlowsReport.NodeAnswer
    ) -> FlowsReport.NodeAnswer {
        var answer = one.failure == nil ? one : other
        answer.flows = Array(Set(one.flows + other.flows))
        return answer
    }

    private static func read(_ path: String, _ standardInput: () throws -> Data) throws -> FlowsReport {
        let data: Data
        do {
            data = path == "-" ? try standardInput() : try InputFile.read(path)
        } catch {
            throw CommandFailure(
                "the flows \(path) cannot be read: \(FileFault.reason(error))",
                remedy: "Name a file with --flows, or - for standard input.")
        }
        do {
            return try report(data)
        } catch {
            throw CommandFailure(
                "\(path) does not hold flows: \(reason(error))",
                remedy: "Write the file with gabion flows -o json, without --follow.")
        }
    }

    /// - Throws: `DecodingError`, and `Fault`.
    static func report(_ data: Data) throws -> FlowsReport {
        let document = try JSONDecoder().decode(JSONValue.self, from: data)
        guard let flows = document["flows"]?.array, let nodes = document["nodes"]?.array else {
            throw Fault(description: "there are no lists flows and nodes")
        }
        var records = Dictionary(grouping: try flows.map(record), by: \.observer)
        var answers = try nodes.map { node in
            var answer = try answer(node)
            answer.flows = records.removeValue(forKey: answer.name) ?? []
            return answer
        }
        for (name, flows) in records {
            answers.append(.init(name: name, flows: flows, failure: "the file does not say whether this is all of it"))
        }
        return FlowsReport(answers: answers)
    }

    private static func answer(_ node: JSONValue) throws -> FlowsReport.NodeAnswer {
        guard let name = node["node"]?.string else { throw Fault(description: "an element of nodes has no node") }
        var answer = FlowsReport.NodeAnswer(name: name)
        guard node["answered"]?.bool == true else {
            answer.failure = node["reason"]?.string ?? "it did not answer when the file was written"
            return answer
        }
        let losses = try node["lost"].map { try decode(FlowLosses.self, $0) } ?? FlowLosses()
        answer.summary = FlowSummary(node: name, isComplete: node["complete"]?.bool == true, losses: losses)
        return answer
    }

    private static func record(_ flow: JSONValue) throws -> FlowRecord {
        var flow = flow
        for field in ["start", "last", "end"] {
            guard let text = flow[field]?.string else { continue }
            guard let time = APITime(text) else { throw Fault(description: "\(field): '\(text)' is no time") }
            flow[field] = .int(time.microseconds)
        }
        return try decode(FlowRecord.self, flow)
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ value: JSONValue) throws -> Value {
        try JSONDecoder().decode(type, from: JSONEncoder().encode(value))
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "a flow has no \(key.stringValue)"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            (context.codingPath.map(\.stringValue).joined(separator: ".") + ": " + context.debugDescription)
        case nil: "\(error)"
        @unknown default: "\(error)"
        }
    }
}
