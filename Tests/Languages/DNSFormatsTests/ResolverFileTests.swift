import DNSFormats
import NetworkTypes
import Testing

@Suite("resolv.conf")
struct ResolverFileTests {
    @Test("is read as resolver(5) says")
    func reading() {
        let file = ResolverFile(
            parsing: """
                # made by hand
                domain old.example
                nameserver 10.0.0.1
                nameserver fd00::1 # here
                nameserver fe80::1%eth0
                search example.org  shop.example
                ; options debug
                options ndots:2 edns0
                sortlist 10.0.0.0
                """)
        #expect(file.nameservers.map(\.description) == ["10.0.0.1", "fd00::1"])
        #expect(file.searches == ["example.org", "shop.example"])
        #expect(file.options == ["ndots:2", "edns0"])
        #expect(ResolverFile(parsing: file.text) == file)
    }

    @Test("no word makes a line of its own")
    func injection() {
        let file = ResolverFile(searches: ["a", "b\nnameserver 6.6.6.6"], options: ["x y", "ndots:5"])
        #expect(file.text == "search a\noptions ndots:5\n")
    }
}
