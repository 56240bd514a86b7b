import Testing
import Transport

@Suite("Addresses and proxies")
struct AddressTests {
    static let good: [(String, String, Bool)] = [
        ("https://keys.example", "https://keys.example", false),
        ("HTTPS://Keys.Example:443/", "https://keys.example", false),
        ("https://keys.example:8443/claviger/", "https://keys.example:8443/claviger", false),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787", true),
        ("http://localhost:80", "http://localhost", true),
        ("http://[::1]:8787/x", "http://[::1]:8787/x", true),
        ("https://[2001:db8::1]", "https://[2001:db8::1]", false),
        ("http://127.1.2.3", "http://127.1.2.3", true),
        ("http://127.0.0.1.example", "http://127.0.0.1.example", false),
    ]

    @Test("an address is read into its parts", arguments: good)
    func reads(text: String, normal: String, isLoopback: Bool) throws {
        let origin = try WebOrigin(parsing: text)
        #expect(origin.description == normal)
        #expect(origin.isLoopback == isLoopback)
        #expect(try WebOrigin(parsing: normal) == origin)
    }

    @Test(
        "an address with anything that could hold a secret, or that makes no sense, is refused",
        arguments: [
            "", "keys.example", "ftp://keys.example", "https://", "https://user:pass@keys.example",
            "https://keys.example?token=x", "https://keys.example/#x", "https://keys.example:0",
            "https://keys.example:65536", "https://keys.example:x", "https://keys.example:", "https://key s.example",
            "https://[::1", "https://[::1]x", "https://[x]", "https://keys.example\n", "https://kéys.example",
            "https://a/b c",
            "https://keys.example:-1",
        ]
    )
    func refuses(text: String) {
        #expect(throws: TransportError(.badAddress, "")) { try WebOrigin(parsing: text) }
    }

    static let proxied: [(String, String, Bool)] = [
        ("", "https://keys.example", true),
        ("*", "https://keys.example", false),
        ("keys.example", "https://keys.example", false),
        ("KEYS.example", "https://keys.example", false),
        ("example", "https://keys.example", false),
        (".example", "https://keys.example", false),
        ("*.example", "https://keys.example", false),
        ("ample", "https://keys.example", true),
        ("other.example, keys.example:8443", "https://keys.example:8443", false),
        ("keys.example:8443", "https://keys.example", true),
        ("10.0.0.1", "https://10.0.0.1", false),
        ("", "https://127.0.0.1", false),
        ("", "https://localhost", false),
        ("", "http://keys.example", false),
    ]

    @Test("NO_PROXY and loopback are honoured", arguments: proxied)
    func exceptions(list: String, address: String, isProxied: Bool) throws {
        let settings = try ProxySettings(environment: ["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": list])
        #expect(settings.isProxied(try WebOrigin(parsing: address)) == isProxied)
    }

    @Test("lower-case variables count too, and first")
    func names() throws {
        let origin = try WebOrigin(parsing: "https://keys.example")
        #expect(try ProxySettings(environment: ["https_proxy": "proxy:3128"]).isProxied(origin))
        #expect(try !ProxySettings(environment: ["https_proxy": "", "HTTPS_PROXY": ""]).isProxied(origin))
        #expect(try !ProxySettings(environment: [:]).isProxied(origin))
    }

    @Test(
        "a proxy that can't be used is an error that repeats no password",
        arguments: ["https://proxy:1", "socks5://me:secret@proxy", "http://me:secret@", "http://me:secret@proxy:x"]
    )
    func badProxy(address: String) {
        let error = #expect(throws: TransportError.self) { try ProxySettings(environment: ["HTTPS_PROXY": address]) }
        #expect(error?.description.contains("secret") == false)
    }
}
