import Domain
import Testing

@Suite("Ranges of addresses")
struct AddressRangeTests {
    @Test(
        "TOK-5: a range is read and printed in its one canonical form",
        arguments: [
            ("0.0.0.0/0", "0.0.0.0/0"), ("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.1", "192.0.2.1/32"),
            ("192.0.2.1/32", "192.0.2.1/32"), ("128.0.0.0/1", "128.0.0.0/1"), ("::/0", "::/0"), ("::1", "::1/128"),
            ("::1/128", "::1/128"), ("2001:DB8::/32", "2001:db8::/32"), ("8000::/1", "8000::/1"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("::ffff:0:0/96", "0.0.0.0/0"), ("::ffff:1.2.3.4", "1.2.3.4/32"),
            ("::ffff:1.2.3.4/128", "1.2.3.4/32"), ("2001:db8:0:1::/64", "2001:db8:0:1::/64"),
            ("2001:db8:0:0:8000::/65", "2001:db8:0:0:8000::/65"),
        ]
    )
    func canonical(_ text: String, _ expected: String) throws {
        let range = try AddressRange(parsing: text)
        #expect(range.text == expected)
        #expect(try AddressRange(parsing: expected) == range)
        #expect(range.contains(range.address))
    }

    @Test(
        "TOK-5: bits behind the prefix are refused with the range that was meant",
        arguments: [
            ("10.0.0.1/8", "10.0.0.0/8"), ("10.0.0.1/31", "10.0.0.0/31"), ("1.2.3.4/0", "0.0.0.0/0"),
            ("2001:db8::1/127", "2001:db8::/127"), ("2001:db8::1/64", "2001:db8::/64"),
            ("::ffff:10.0.0.1/104", "10.0.0.0/8"), ("::ffff:10.0.0.0/95", "::fffe:0:0/95"),
            ("::ffff:0:0/0", "::/0"), ("ffff::/15", "fffe::/15"), ("0:0:0:1:8000::/64", "0:0:0:1::/64"),
        ]
    )
    func hostBits(_ text: String, _ corrected: String) throws {
        let fault = try #require(throws: AddressFault.self) { try AddressRange(parsing: text) }
        #expect(fault.code == .hostBitsSet)
        #expect(fault.message.hasPrefix("must be written as \(corrected): "))
        #expect(try AddressRange(parsing: corrected).text == corrected)
    }

    @Test(
        "TOK-5: every other fault says what would be right",
        arguments: [
            ("", .malformedAddress), ("localhost", .malformedAddress), ("10.0.0/8", .malformedAddress),
            ("010.0.0.0/8", .malformedAddress), (" 10.0.0.0/8", .malformedAddress), ("/8", .malformedAddress),
            ("10.0.0.0 /8", .malformedAddress), ("[::1]/128", .malformedAddress), ("*", .malformedAddress),
            ("10.0.0.0-10.0.0.9", .malformedAddress), (String(repeating: "1", count: 9999), .malformedAddress),
            ("fe80::1%eth0", .zoneRefused), ("fe80::%1/64", .zoneRefused),
            ("10.0.0.0/", .malformedPrefix), ("10.0.0.0/-1", .malformedPrefix), ("10.0.0.0/+8", .malformedPrefix),
            ("10.0.0.0/08", .malformedPrefix), ("10.0.0.0/8/8", .malformedPrefix), ("10.0.0.0/ 8", .malformedPrefix),
            ("10.0.0.0/8 ", .malformedPrefix), ("10.0.0.0/255.0.0.0", .malformedPrefix), ("::/0x8", .malformedPrefix),
            ("10.0.0.0/٨", .malformedPrefix), ("::/1000", .malformedPrefix), ("::/8\0", .malformedPrefix),
            ("10.0.0.0/33", .prefixTooLong), ("::/129", .prefixTooLong), ("::ffff:10.0.0.0/129", .prefixTooLong),
            ("10.0.0.0/104", .prefixTooLong),
        ] as [(String, AddressFault.Code)]
    )
    func refused(_ text: String, _ code: AddressFault.Code) throws {
        let fault = try #require(throws: AddressFault.self) { try AddressRange(parsing: text) }
        #expect(fault.code == code)
        #expect(fault.message.hasPrefix("must "))
    }

    @Test("TOK-5: the addresses at both edges are in, their neighbours are not")
    func edges() throws {
        let cases: [(range: String, within: [String], without: [String])] = [
            ("10.64.0.0/10", ["10.64.0.0", "10.127.255.255", "::ffff:10.64.0.1"], ["10.63.255.255", "10.128.0.0"]),
            ("192.0.2.7", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8", "::c000:207"]),
            ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255", "::ffff:1.2.3.4"], ["::", "::1", "::fffe:1.2.3.4"]),
            ("::/0", ["::", "ffff::", "::fffe:0:0"], ["0.0.0.0", "127.0.0.1", "::ffff:1.2.3.4"]),
            ("::/80", ["::", "::1", "::fffe:1:1"], ["1.2.3.4", "1::"]),
            ("2001:db8::/63", ["2001:db8::", "2001:db8:0:1:ffff:ffff:ffff:ffff"], ["2001:db8:0:2::", "2001:db7::"]),
            ("2001:db8::/65", ["2001:db8::7fff:ffff:ffff:ffff"], ["2001:db8:0:0:8000::"]),
            ("::ffff:10.0.0.0/104", ["10.0.0.0", "10.255.255.255", "::ffff:10.9.9.9"], ["11.0.0.0", "::a00:0"]),
            ("::1/128", ["::1"], ["::", "::2", "127.0.0.1"]),
        ]
        for (text, within, without) in cases {
            let range = try AddressRange(parsing: text)
            for address in within { #expect(range.contains(try #require(IPAddress(address)))) }
            for address in without { #expect(!range.contains(try #require(IPAddress(address)))) }
        }
    }

    @Test("TOK-5: 20,000 random ranges hold exactly the addresses with the same first bits")
    func random() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let size = Bool.random(using: &generator) ? 4 : 16
            let length = Int.random(in: 0...size * 8, using: &generator)
            let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let network = bytes.indices.map { bytes[$0] & Self.mask(length - $0 * 8) }
            let range = try AddressRange(parsing: "\(try #require(IPAddress(bytes: network)))/\(length)")
            #expect(range.contains(try #require(IPAddress(bytes: bytes))), "seed \(seed): \(range)")
            #expect(range.prefixLength == length)
            guard length > 0 else { continue }
            var other = bytes
            let bit = Int.random(in: 0..<length, using: &generator)
            other[bit / 8] ^= 0x80 >> UInt8(bit % 8)
            #expect(!range.contains(try #require(IPAddress(bytes: other))), "seed \(seed): \(range), bit \(bit)")
        }
    }

    private static func mask(_ length: Int) -> UInt8 {
        length <= 0 ? 0 : length >= 8 ? 0xFF : UInt8(truncatingIfNeeded: 0xFF00 >> length)
    }
}
