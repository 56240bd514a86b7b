import NIOCore
import NIOEmbedded
import Testing
import Transport

@Suite("A WebSocket session receives")
struct ReceivingTests {
    @Test("a masked text frame reaches the delegate")
    func text() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        try probe.receive(.text("hello"), .text(""), .text("née 🗝"))
        #expect(probe.delegate.opened == 1)
        #expect(probe.delegate.texts == ["hello", "", "née 🗝"])
    }

    @Test("a frame that arrives byte by byte is one message")
    func dribble() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        for byte in RawFrame.text("slowly").bytes { try probe.receive(bytes: [byte]) }
        #expect(probe.delegate.texts == ["slowly"])
    }

    @Test("fragments are joined, with control frames and characters split between them")
    func fragments() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        let key = Array("🗝".utf8)
        try probe.receive(
            RawFrame(first: 0x01, payload: Array(key[..<2])),
            RawFrame(first: 0x89, payload: [7]),
            RawFrame(first: 0x00, payload: []),
            RawFrame(first: 0x80, payload: Array(key[2...]))
        )
        #expect(probe.delegate.texts == ["🗝"])
        #expect(try probe.sent() == [ReadFrame(opcode: 10, masked: false, payload: [7])])
    }

    @Test("a ping is answered with its own payload")
    func ping() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        let payload = [UInt8](repeating: 9, count: 125)
        try probe.receive(RawFrame(first: 0x89, payload: payload), RawFrame(first: 0x8A))
        #expect(try probe.sent() == [ReadFrame(opcode: 10, masked: false, payload: payload)])
    }

    @Test("a message of exactly the limit passes, whole and in fragments, one byte more is refused (1009)")
    func limit() throws {
        let limit = 262_144
        for (size, passes) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
            let whole = try SessionProbe()
            defer { whole.finish() }
            try whole.receive(.text(String(repeating: "a", count: size)))
            #expect(whole.delegate.texts.map(\.utf8.count) == (passes ? [size] : []))
            let parts = try SessionProbe()
            defer { parts.finish() }
            let first = String(repeating: "a", count: 200_000)
            try parts.receive(
                .text(first, fin: false),
                .more(String(repeating: "b", count: size - 200_000), fin: true)
            )
            #expect(parts.delegate.texts.map(\.utf8.count) == (passes ? [size] : []))
            if !passes {
                #expect(try whole.sent().last?.closeCode == 1009)
                #expect(try parts.sent().last?.closeCode == 1009)
            }
        }
    }

    static let malformedFrames: [(String, [RawFrame], UInt16)] = [
        ("unmasked text", [RawFrame(first: 0x81, mask: nil, payload: [65])], 1002),
        ("unmasked ping", [RawFrame(first: 0x89, mask: nil)], 1002),
        ("unmasked close", [RawFrame(first: 0x88, mask: nil)], 1002),
        ("first reserved bit", [RawFrame(first: 0xC1, payload: [65])], 1002),
        ("second reserved bit", [RawFrame(first: 0xA1, payload: [65])], 1002),
        ("third reserved bit", [RawFrame(first: 0x91, payload: [65])], 1002),
        ("reserved bit on a ping", [RawFrame(first: 0xC9)], 1002),
        ("binary", [RawFrame(first: 0x82, payload: [1])], 1003),
        ("binary fragment", [RawFrame(first: 0x02, payload: [1])], 1003),
        ("reserved data opcode 3", [RawFrame(first: 0x83)], 1002),
        ("reserved data opcode 7", [RawFrame(first: 0x87)], 1002),
        ("reserved control opcode 11", [RawFrame(first: 0x8B)], 1002),
        ("reserved control opcode 15", [RawFrame(first: 0x8F)], 1002),
        ("continuation without a start", [.more("a", fin: true)], 1002),
        ("unfinished continuation without a start", [.more("a", fin: false)], 1002),
        ("text inside a fragmented message", [.text("a", fin: false), .text("b")], 1002),
        ("fragmented ping", [RawFrame(first: 0x09)], 1002),
        ("fragmented close", [RawFrame(first: 0x08)], 1002),
        ("ping of 126 bytes", [RawFrame(first: 0x89, payload: [UInt8](repeating: 0, count: 126))], 1002),
        ("close of 126 bytes", [.close(1000, reason: [UInt8](repeating: 65, count: 124))], 1002),
        ("close of one byte", [RawFrame(first: 0x88, payload: [3])], 1002),
        ("close code 999", [.close(999)], 1002),
        ("close code 1004", [.close(1004)], 1002),
        ("close code 1005", [.close(1005)], 1002),
        ("close code 1006", [.close(1006)], 1002),
        ("close code 1015", [.close(1015)], 1002),
        ("close code 2999", [.close(2999)], 1002),
        ("close code 5000", [.close(5000)], 1002),
        ("close reason not UTF-8", [.close(1000, reason: [0xFF])], 1007),
        ("text not UTF-8", [RawFrame(first: 0x81, payload: [0xC3, 0x28])], 1007),
        ("text with a surrogate", [RawFrame(first: 0x81, payload: [0xED, 0xA0, 0x80])], 1007),
        ("text with an overlong form", [RawFrame(first: 0x81, payload: [0xC0, 0xAF])], 1007),
        ("text cut inside a character", [RawFrame(first: 0x81, payload: [0xF0, 0x9F])], 1007),
        ("joined text not UTF-8", [RawFrame(first: 0x01, payload: [0xF0]), .more("a", fin: true)], 1007),
        ("length above the limit", [RawFrame(first: 0x81, claimedLength: 262_145)], 1009),
        ("length above 2^63", [RawFrame(first: 0x81, claimedLength: 1 << 63)], 1009),
    ]

    @Test("a malformed frame is refused with its close code and nothing is delivered", arguments: malformedFrames)
    func malformed(_ name: String, _ frames: [RawFrame], _ code: UInt16) throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        for frame in frames { try probe.receive(frame) }
        try probe.receive(.text("after"))
        #expect(try probe.sent().last?.closeCode == code, "\(name)")
        #expect(probe.delegate.texts.isEmpty)
        probe.advance(.seconds(6))
        #expect(!probe.channel.isActive)
        #expect(probe.delegate.closures.map(\.code) == [code])
        #expect(probe.delegate.closures.first?.initiator == .local)
    }

    @Test("a client refuses masked frames from its server and masks its own")
    func clientMasks() throws {
        let probe = try SessionProbe(WebSocketConfiguration(role: .client))
        defer { probe.finish() }
        try probe.receive(RawFrame(first: 0x81, mask: nil, payload: [65]))
        probe.delegate.session?.send(text: "B")
        #expect(probe.delegate.texts == ["A"])
        #expect(try probe.sent() == [.text("B", masked: true)])
        try probe.receive(.text("masked"))
        #expect(try probe.sent().last?.closeCode == 1002)
        #expect(probe.delegate.texts == ["A"])
    }

    @Test("random bytes never crash a session and end it at most once")
    func garbage() throws {
        var generator = SplitMix(seed: 0x5EED)
        for _ in 0..<300 {
            let probe = try SessionProbe(WebSocketConfiguration(role: .server, maximumMessageBytes: 512))
            for _ in 0..<4 {
                let count = Int(generator.next() % 40)
                try probe.receive(bytes: (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
            }
            probe.advance(.seconds(120))
            #expect(probe.delegate.closures.count == 1)
            probe.finish()
        }
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
