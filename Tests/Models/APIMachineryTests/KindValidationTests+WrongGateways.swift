extension KindValidationTests {
    /// The same for EgressGateways.
    static let wrongGateways: [(String, String, String)] = [
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{}}"#,
            "spec.ports: Required value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":443}]}}"#,
            "spec.ports[0]: Required value: say where it leads"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":0,"redirect":{"address":"203.0.113.1","port":1}}]}}"#,
            "spec.ports[0].port: Invalid value: 0"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"protocol":"SCTP","redirect":{"address":"203.0.113.1","port":1}}]}}"#,
            "spec.ports[0].protocol: Unsupported value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"203.0.113.1","port":1}},{"port":1,"redirect":{"address":"203.0.113.1","port":1}}]}}"#,
            "spec.ports[1].port: Duplicate value: 1"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"port":1}}]}}"#,
            "spec.ports[0].redirect: Required value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"203.0.113.1","host":"a.example","port":1}}]}}"#,
            "spec.ports[0].redirect.host: Forbidden"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"203.0.113.1"}}]}}"#,
            "spec.ports[0].redirect.port: Required value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"10.1.2.3","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"10.1.2.3\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"127.0.0.1","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"127.0.0.1\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"169.254.169.254","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"169.254.169.254\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"192.168.1.1","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"192.168.1.1\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"100.64.0.1","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"100.64.0.1\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"::1","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"::1\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"fd00:ec2::254","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"fd00:ec2::254\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"::ffff:10.0.0.1","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"::ffff:10.0.0.1\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"fe80::1","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"fe80::1\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"224.0.0.1","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"224.0.0.1\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"address":"0.0.0.0","port":1}}]}}"#,
            "spec.ports[0].redirect.address: Invalid value: \"0.0.0.0\": is in "
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"host":"*.example.com","port":1}}]}}"#,
            "spec.ports[0].redirect.host: Invalid value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"host":"localhost","port":1}}]}}"#,
            "spec.ports[0].redirect.host: Invalid value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"host":"127.1","port":1}}]}}"#,
            "spec.ports[0].redirect.host: Invalid value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"redirect":{"host":"0x7f.0x1","port":1}}]}}"#,
            "spec.ports[0].redirect.host: Invalid value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"connect":{}}]}}"#,
            "spec.ports[0].connect.allow: Required value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"protocol":"UDP","connect":{"allow":[{"host":"a.example","ports":[443]}]}}]}}"#,
            "spec.ports[0].connect: Forbidden"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"connect":{"allow":[{"ports":[443]}]}}]}}"#,
            "spec.ports[0].connect.allow[0]: Required value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"connect":{"allow":[{"host":"a.example"}]}}]}}"#,
            "spec.ports[0].connect.allow[0].ports: Required value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"connect":{"allow":[{"host":"*","ports":[443]}]}}]}}"#,
            "spec.ports[0].connect.allow[0].host: Invalid value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"connect":{"allow":[{"host":"a.*.example","ports":[443]}]}}]}}"#,
            "spec.ports[0].connect.allow[0].host: Invalid value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"connect":{"allow":[{"cidr":"10.1.0.0/16","ports":[443]}]}}]}}"#,
            "spec.ports[0].connect.allow[0].cidr: Invalid value"
        ),
        (
            "EgressGateway",
            #"{"metadata":{"name":"g"},"spec":{"ports":[{"port":1,"connect":{"allow":[{"host":"a.example","ports":[0]}]}}]}}"#,
            "spec.ports[0].connect.allow[0].ports[0]: Invalid value: 0"
        ),
    ]
}
