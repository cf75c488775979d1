import NetworkTypes
import PodResponder
import Testing

@Suite("the responder's command line")
struct ResponderOptionsTests {
    @Test("ports and identity are read back as written")
    func roundTrip() throws {
        let options = ResponderOptions(
            identity: "a/b", ports: [ListenPort(.tcp, 80), ListenPort(.udp, 53), ListenPort(.sctp, 7777)])
        #expect(try ResponderOptions(arguments: options.arguments) == options)
    }

    @Test(
        "what is not a port is refused by name",
        arguments: ["80", "tcp/0", "tcp/65536", "icmp/8", "tcp/", "/80", "tcp/80/81", "--port"])
    func refusals(argument: String) {
        let error = #expect(throws: ResponderError.self) { try ResponderOptions(arguments: ["tcp/1", argument]) }
        #expect(error?.description.contains(argument) == true)
    }
}
