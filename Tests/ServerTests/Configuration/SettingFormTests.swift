import ClavigerServer
import Domain
import Testing

@Suite("Setting forms")
struct SettingFormTests {
    @Test("Every default is a value of its own form, and every key is declared once")
    func defaults() {
        for setting in ServerSetting.all {
            if let text = setting.defaultText {
                #expect(setting.form.value(of: text) != nil, "\(setting.key)")
            }
            #expect(setting.summary.hasSuffix("."), "\(setting.key)")
        }
        #expect(Set(ServerSetting.all.map(\.key)).count == ServerSetting.all.count)
    }

    @Test("Every whole number is accepted at both ends of its range and refused one beyond")
    func ranges() {
        for setting in ServerSetting.all {
            guard case .integer(let range, _) = setting.form else { continue }
            #expect(setting.form.value(of: "\(range.lowerBound)") == .integer(range.lowerBound), "\(setting.key)")
            #expect(setting.form.value(of: "\(range.upperBound)") == .integer(range.upperBound), "\(setting.key)")
            #expect(setting.form.value(of: "\(range.lowerBound - 1)") == nil, "\(setting.key)")
            #expect(setting.form.value(of: "\(range.upperBound + 1)") == nil, "\(setting.key)")
        }
    }

    @Test(
        "Numbers are decimal digits and nothing else",
        arguments: ["", " 5", "5 ", "+5", "5.0", "1e1", "0x5", "٥", "5\n", "9223372036854775808", "-", "--5"]
    )
    func numbers(_ text: String) {
        #expect(SettingForm.integer(0...100, unit: "").value(of: text) == nil)
    }

    @Test(
        "Names of images are taken as they are, and nothing that a shell or YAML would read otherwise",
        arguments: [
            ("claviger-agent", true), ("claviger-agent:latest", true), ("registry.example:5000/a/b_c:1.2-x", true),
            ("a@sha256:0123456789abcdef", true), ("-v", false), (":latest", false), ("a b", false), ("a;b", false),
            ("a'b", false), ("$a", false), ("é", false), ("", false), (String(repeating: "a", count: 256), false),
        ]
    )
    func images(_ text: String, _ isGood: Bool) {
        #expect((SettingForm.image.value(of: text) != nil) == isGood)
    }

    @Test(
        "Listen addresses",
        arguments: [
            ("127.0.0.1:0", "127.0.0.1:0"), ("127.0.0.1:65535", "127.0.0.1:65535"), ("[::1]:80", "[::1]:80"),
            ("localhost:8787", "localhost:8787"), ("a-b.example:1", "a-b.example:1"),
            ("127.0.0.1:65536", nil), ("127.0.0.1", nil), ("127.0.0.1:", nil), (":80", nil), ("::1:80", nil),
            ("[::1]", nil), ("[127.0.0.1]:80", nil), ("1.2.3:80", nil), ("256.1.1.1:80", nil), ("a..b:80", nil),
            ("-a:80", nil), ("a b:80", nil), ("127.0.0.1:-1", nil), ("127.0.0.1:+1", nil), ("http://a:80", nil),
        ] as [(String, String?)]
    )
    func listenAddresses(_ text: String, _ expected: String?) {
        #expect(ListenAddress(text)?.text == expected)
    }

    @Test(
        "Loopback is known in every spelling",
        arguments: [
            ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("[::1]:1", true), ("localhost:1", true),
            ("[::ffff:127.0.0.1]:1", true), ("0.0.0.0:1", false), ("[::]:1", false), ("10.0.0.1:1", false),
            ("localhost.example:1", false), ("[::ffff:10.0.0.1]:1", false),
        ]
    )
    func loopback(_ text: String, _ expected: Bool) {
        #expect(ListenAddress(text)?.isLoopback == expected)
    }

    @Test(
        "OPS-3: the public origin is a scheme, a host and perhaps a port",
        arguments: [
            ("https://claviger.example.com", "https://claviger.example.com"),
            ("https://Claviger.Example.com:443/", "https://claviger.example.com"),
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787"), ("https://[::1]:8443", "https://[::1]:8443"),
            ("https://[::1]", "https://[::1]"), ("http://a:80", "http://a"),
            ("claviger.example.com", nil), ("ftp://a", nil), ("https://", nil), ("https://a/b", nil),
            ("https://a?x", nil), ("https://u:p@a", nil), ("https://a:0", nil), ("https://a//", nil),
            ("https://a b", nil),
        ] as [(String, String?)]
    )
    func origins(_ text: String, _ expected: String?) {
        #expect(PublicOrigin(text)?.text == expected)
    }

    @Test(
        "Networks",
        arguments: [
            ("10.0.0.0/8", true), ("10.0.0.1", true), ("0.0.0.0/0", true), ("10.0.0.1/32", true), ("fd00::/8", true),
            ("::1/128", true), ("10.0.0.1/8", false), ("10.0.0.0/33", false), ("fd00::/129", false),
            ("10.0.0/8", false),
            ("10.0.0.0/", false), ("10.0.0.0/-1", false), ("", false), ("10.0.0.0/8/8", false), ("localhost", false),
        ]
    )
    func networks(_ text: String, _ accepted: Bool) {
        #expect(((try? AddressRange(parsing: text)) != nil) == accepted)
    }
}
