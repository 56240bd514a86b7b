import Domain
import Testing

@Suite("Tokens")
struct TokenTests {
    static let vectors = [
        "clv_ag_000000000000000000000000000000001wLlVb",
        "clv_in_abcdefghijklmnopqrstuvwxyzABCDEF3PAoxH",
        "clv_pt_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4XRXJ5",
        "clv_sa_0123456789ABCDEFGHIJKLMNOPQRSTUV1Gvq6g",
        "clv_ss_ClavigerClavigerClavigerClaviger1WDUTw",
        "clv_su_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA03evuy",
        "clv_iv_999999999999999999999999999999993LFffs",
        "clv_rc_aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ0bY2Eqeup",
        "clv_ag_NNLs9KKYiLe3KzTntmA5w0k1Vhxqs6CO00DhSI",
    ]

    @Test("CRC-32/ISO-HDLC has its published check value")
    func checkValue() {
        #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
        #expect(CRC32.checksum([]) == 0)
    }

    @Test("TOK-2: the vectors of every kind are read", arguments: vectors)
    func reads(text: String) throws {
        let token = try Token(parsing: text)
        #expect(token.revealed() == text)
        #expect(text.hasPrefix(token.kind.lead))
        #expect(token.prefix == String(text.prefix(11)))
    }

    @Test(
        "TOK-2: a malformed or miskeyed token is refused by its text alone",
        arguments: [
            ("", .wrongLength),
            ("clv_ag_", .wrongLength),
            ("clv_ag_000000000000000000000000000000001wLlV", .wrongLength),
            ("clv_ag_000000000000000000000000000000001wLlVbb", .wrongLength),
            (" lv_ag_000000000000000000000000000000001wLlVb", .unknownKind),
            ("CLV_ag_000000000000000000000000000000001wLlVb", .unknownKind),
            ("clv_xx_000000000000000000000000000000001wLlVb", .unknownKind),
            ("clv-ag_000000000000000000000000000000001wLlVb", .unknownKind),
            ("clv_AG_000000000000000000000000000000001wLlVb", .unknownKind),
            ("clv_ag_0000000000000000000000000000000-1wLlVb", .wrongAlphabet),
            ("clv_ag_0000000000000000000000000000000_1wLlVb", .wrongAlphabet),
            ("clv_ag_000000000000000000000000000000é1wLlVb", .wrongAlphabet),
            ("clv_ag_00000000000000000000000000000000 wLlVb", .wrongAlphabet),
            ("clv_ag_00000000000000000000000000000000\u{0}wLlVb", .wrongAlphabet),
            ("clv_ag_000000000000000000000000000000001wLlVc", .wrongChecksum),
            ("clv_ag_000000000000000000000000000000011wLlVb", .wrongChecksum),
            ("clv_pt_000000000000000000000000000000001wLlVb", .wrongChecksum),
            ("clv_ag_00000000000000000000000000000000zzzzzz", .wrongChecksum),
        ] as [(String, TokenFormatError.Code)]
    )
    func refuses(text: String, code: TokenFormatError.Code) {
        #expect(throws: TokenFormatError(code: code)) { try Token(parsing: text) }
    }

    @Test("TOK-2: one changed character is always found", arguments: [0, 7, 8, 20, 38, 39, 44])
    func oneCharacter(place: Int) {
        for vector in Self.vectors {
            var bytes = Array(vector.utf8)
            bytes[place] = bytes[place] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
            #expect(throws: TokenFormatError.self) { try Token(parsing: String(decoding: bytes, as: UTF8.self)) }
        }
    }

    @Test("TOK-2: a made token reads back, of every kind", arguments: TokenKind.allCases)
    func makes(kind: TokenKind) throws {
        let token = Token.make(kind, random: .system)
        let again = try Token(parsing: token.revealed())
        #expect(again == token)
        #expect(again.kind == kind)
        #expect(token != Token.make(kind, random: .system))
    }

    @Test("TOK-2: random characters are drawn alike, bytes of 248 and more thrown away")
    func uniform() {
        let counting = CountingBytes()
        let drawn = Base62.random(count: 248, from: RandomSource { counting.next($0) })
        let counts = Dictionary(grouping: drawn, by: \.self).mapValues(\.count)
        #expect(counts.count == 62)
        #expect(counts.values.allSatisfy { $0 == 4 })
    }

    @Test("TOK-2: numbers are padded on the left")
    func padded() {
        #expect(Base62.digits(of: 0, count: 6) == Array("000000".utf8))
        #expect(Base62.digits(of: 61, count: 6) == Array("00000z".utf8))
        #expect(Base62.digits(of: 62, count: 6) == Array("000010".utf8))
        #expect(Base62.digits(of: .max, count: 6) == Array("4gfFC3".utf8))
    }

    @Test("a token prints redacted in every way of printing")
    func redacted() throws {
        let token = Token.make(.agent, random: .system)
        let secret = token.revealed().dropFirst(7)
        struct Holder { let name: String, token: Token, list: [Token], maybe: Token? }
        let holder = Holder(name: "x", token: token, list: [token], maybe: token)
        var dumped = ""
        dump(token, to: &dumped)
        dump(holder, to: &dumped)
        let printed = [
            "\(token)", String(describing: token), String(reflecting: token), token.debugDescription, dumped,
            "\(holder)", String(reflecting: holder), "\([token])", "\(["a": token])", "\(Optional(token) as Any)",
            "\(Mirror(reflecting: token).children.map { "\($0)" })",
        ]
        for text in printed {
            #expect(!text.contains(secret.prefix(5)))
        }
        #expect("\(token)" == "clv_ag_…[redacted]")
        #expect(!((token as Any) is any Encodable))
    }
}

/// Bytes that count up from 0 and begin again behind 255.
private final class CountingBytes: Sendable {
    func next(_ count: Int) -> [UInt8] {
        let start = state.take(count)
        return (0..<count).map { UInt8(truncatingIfNeeded: start + $0) }
    }

    private let state = Counter()
}
