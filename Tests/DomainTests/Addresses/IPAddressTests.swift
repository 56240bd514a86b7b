import Domain
import Testing

@Suite("IP addresses")
struct IPAddressTests {
    @Test(
        "TOK-5: an address is read and printed in its one canonical form",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("192.0.2.1", "192.0.2.1"),
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::A", "2001:db8::a"),
            ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"), ("1:2:3:4:5:6:0:8", "1:2:3:4:5:6:0:8"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::1.2.3.4", "::102:304"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("ffff::", "ffff::"),
        ]
    )
    func canonical(_ text: String, _ expected: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.text == expected)
        #expect(IPAddress(expected) == address)
        #expect(IPAddress(bytes: address.bytes) == address)
        #expect(address.isIPv6 == expected.contains(":"))
    }

    @Test(
        "TOK-5: IPv4-mapped IPv6 is IPv4, however it is written",
        arguments: ["::ffff:10.1.2.3", "::FFFF:0a01:0203", "0:0:0:0:0:ffff:a01:203", "0::ffff:10.1.2.3"]
    )
    func mapped(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address == IPAddress("10.1.2.3"))
        #expect(!address.isIPv6)
        #expect(address.text == "10.1.2.3")
        #expect(address.bytes == [10, 1, 2, 3])
    }

    @Test(
        "TOK-5: what only resembles an address is refused",
        arguments: [
            "", " ", ".", ":", ":::", "1", "1.2.3", "1.2.3.", ".1.2.3", "1.2.3.4.", "1.2.3.4.5", "1.2.3.256",
            "01.2.3.4", "1.2.3.04", "00.0.0.0", "1.2.3.0004", "0x1.2.3.4", "1.2.3.-4", "+1.2.3.4", " 1.2.3.4",
            "1.2.3.4 ", "1.2.3.4\n", "1.2.3.4\0", "1..3.4", "127.1", "2130706433", "١.٢.٣.٤", "１.2.3.4",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::1::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
            "1:2:3:4::5:6:7:8", "12345::", "g::", "1:", ":1", "1:2:3:4:5:6:7:", ":2:3:4:5:6:7:8", "[::1]", "::1]",
            "fe80::1%eth0", "fe80::1%25eth0", "::%", "::1/128", "1.2.3.4/32", "::1.2.3", "::1.2.3.4.5",
            "::1.2.3.4:5", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "::ffff:01.2.3.4", "::ffff:1.2.3.400",
            "0000:0000:0000:0000:0000:0000:0000:000000001", "localhost", "::ffff:10.0.0.1%1", "1.2.3.4:80",
        ]
    )
    func refused(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("OPS-3: loopback is 127.0.0.0/8 and ::1, mapped too")
    func loopback() {
        for text in ["127.0.0.0", "127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"] {
            #expect(IPAddress(text)?.isLoopback == true, "\(text)")
        }
        for text in ["126.255.255.255", "128.0.0.0", "::", "::2", "::7f00:1", "1::1", "::fffe:7f00:1"] {
            #expect(IPAddress(text)?.isLoopback == false, "\(text)")
        }
    }

    @Test("TOK-5: bytes make an address only by four or sixteen")
    func bytes() {
        for count in 0...20 {
            #expect((IPAddress(bytes: [UInt8](repeating: 7, count: count)) != nil) == [4, 16].contains(count))
        }
    }

    @Test("TOK-5: 20,000 random addresses come back from their text; garbage never does by another text")
    func random() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("0123456789abcdefABCDEF::::....%/[] gx\0é")
        for _ in 0..<20_000 {
            let size = Bool.random(using: &generator) ? 4 : 16
            let sparse = Bool.random(using: &generator)
            let bytes = (0..<size)
                .map { _ in
                    sparse && Int.random(in: 0..<4, using: &generator) > 0
                        ? 0 : UInt8.random(in: 0...255, using: &generator)
                }
            let address = try #require(IPAddress(bytes: bytes))
            #expect(IPAddress(address.text) == address, "seed \(seed): \(bytes)")
            let length = Int.random(in: 0...20, using: &generator)
            let garbage = String((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "x" })
            guard let read = IPAddress(garbage) else { continue }
            #expect(IPAddress(read.text) == read, "seed \(seed): \(garbage)")
            #expect(!garbage.contains { "%/[] gx\0é".contains($0) }, "seed \(seed): \(garbage)")
        }
    }
}
