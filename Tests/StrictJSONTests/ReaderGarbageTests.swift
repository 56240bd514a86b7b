import StrictJSON
import Testing

/// What the reader has to refuse, and with which code.
@Suite struct ReaderGarbageTests {
    static let garbage: [(String, JSONError.Code)] = [
        ("", .unexpectedEnd), (" ", .unexpectedEnd), ("\u{FEFF}1", .malformed),
        ("nul", .unexpectedEnd), ("nulL", .malformed), ("True", .malformed), ("truex", .trailingData),
        ("NaN", .malformed), ("Infinity", .malformed), ("-Infinity", .invalidNumber), ("+1", .malformed),
        ("01", .invalidNumber), ("-01", .invalidNumber), ("00", .invalidNumber), ("-", .unexpectedEnd),
        ("1.", .unexpectedEnd), ("1.x", .invalidNumber), (".5", .malformed), ("1e", .unexpectedEnd),
        ("1e+", .unexpectedEnd), ("1e+x", .invalidNumber), ("1.5.5", .trailingData), ("0x10", .trailingData),
        ("1_000", .trailingData), ("9223372036854775808", .numberOutOfRange),
        ("-9223372036854775809", .numberOutOfRange), ("99999999999999999999999999", .numberOutOfRange),
        ("1e309", .numberOutOfRange), ("-1e999", .numberOutOfRange),
        ("\"", .unexpectedEnd), ("\"a", .unexpectedEnd), ("'a'", .malformed), ("\"\\\"", .unexpectedEnd),
        ("\"\\x41\"", .invalidString), ("\"\\u12\"", .invalidString), ("\"\\u12g4\"", .invalidString),
        ("\"\\uD800\"", .invalidString), ("\"\\uDC00\"", .invalidString), ("\"\\uD800x\"", .invalidString),
        ("\"\\uD800\\n\"", .invalidString), ("\"\\uD800\\uD800\"", .invalidString),
        ("\"\\uD83D\\u0041\"", .invalidString), ("\"\\u0000\"", .invalidString), ("\"a\u{0}b\"", .invalidString),
        ("\"a\nb\"", .invalidString), ("\"\t\"", .invalidString), ("\"\u{1F}\"", .invalidString),
        ("[", .unexpectedEnd), ("[1", .unexpectedEnd), ("[1,", .unexpectedEnd), ("[1,]", .malformed),
        ("[,1]", .malformed), ("[1 2]", .malformed), ("[1}", .malformed), ("]", .malformed), ("[]]", .trailingData),
        ("{", .unexpectedEnd), ("{\"a\"", .unexpectedEnd), ("{\"a\":", .unexpectedEnd), ("{\"a\":1", .unexpectedEnd),
        ("{\"a\":1,", .unexpectedEnd), ("{\"a\":1,}", .malformed), ("{,}", .malformed), ("{a:1}", .malformed),
        ("{1:1}", .malformed), ("{\"a\" 1}", .malformed), ("{\"a\":}", .malformed), ("{\"a\":1]", .malformed),
        ("{\"a\":1 \"b\":2}", .malformed), ("{}{}", .trailingData), ("1 2", .trailingData), ("// c\n1", .malformed),
        ("[1]/*c*/", .trailingData), ("\u{0C}1", .malformed), ("1\u{A0}", .trailingData),
    ]

    @Test("DST-7: malformed JSON is refused with the code of its fault", arguments: garbage)
    func refusesGarbage(text: String, code: JSONError.Code) {
        #expect(code == Self.code(of: Array(text.utf8)))
    }

    @Test(
        "Invalid UTF-8 is refused",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x28, 0xA1], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xF0, 0x9F, 0x98, 0x28],
        ] as [[UInt8]]
    )
    func refusesInvalidUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(Self.code(of: [quote] + bytes + [quote]) == .invalidUTF8)
    }

    @Test(
        "Duplicate names are refused by name, escaped and canonically equivalent ones too",
        arguments: [
            ("{\"a\":1,\"a\":2}", "/a", "a"), ("{\"x\":{\"b\":1,\"c\":2,\"b\":3}}", "/x/b", "b"),
            ("{\"a\":1,\"\\u0061\":2}", "/a", "a"), ("[{},{\"k/~\":1,\"k/~\":1}]", "/1/k~1~0", "k/~"),
            ("{\"e\u{301}\":1,\"\u{E9}\":2}", "/\u{E9}", "\u{E9}"),
            ("{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"b\":2}", "/b", "b"),
        ]
    )
    func refusesDuplicates(text: String, path: String, name: String) throws {
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error.code == .duplicateName)
        #expect(error.path == path)
        #expect(error.message.contains("“\(name)”"))
    }

    @Test(
        "A fault names its place",
        arguments: [
            ("{\"a\":[1,{\"b\":tru}]}", "/a/1/b"), ("{\"a\":[1,2 3]}", "/a"), ("[[],[1,[\"\\q\"]]]", "/1/1/0"),
            ("{\"a\":1,\"b\":}", "/b"), ("{\"\":x}", "/"), ("[1,x]", "/1"),
            ("{\"a\":{\"c\":1},\"b\":{\"d\":-}}", "/b/d"),
        ]
    )
    func namesThePlace(text: String, path: String) throws {
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error.path == path, "\(error)")
    }

    @Test("Every truncation of a valid document is an error and never a crash")
    func refusesTruncations() throws {
        let text = #" {"näme":"\u00e9\ud83d\ude00 €","n":[-12.5e-3,0,true,false,null,{"x":{}}],"a":[],"😀":"\\"} "#
        let bytes = Array(text.utf8)
        _ = try JSONValue(parsing: bytes)
        for length in 0..<bytes.count - 1 {
            #expect(Self.code(of: Array(bytes.prefix(length))) == .unexpectedEnd, "cut at \(length)")
        }
    }

    @Test("Every single changed byte of a valid document gives a value or an error, never a crash")
    func survivesMutations() throws {
        let bytes = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",true],"b":{"c":null}}"#.utf8)
        for position in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = bytes
                changed[position] = byte
                if let value = try? JSONValue(parsing: changed) {
                    #expect(try JSONValue(parsing: value.bytes) == value)
                }
            }
        }
    }

    private static func code(of bytes: [UInt8]) -> JSONError.Code? {
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes)
            return nil
        } catch {
            return error.code
        }
    }
}
