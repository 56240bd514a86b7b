import StrictJSON
import Testing

/// What the reader makes of valid texts, and its limits.
@Suite struct ReaderValueTests {
    @Test(
        "Valid texts become values",
        arguments: [
            ("null", .null), (" true ", true), ("false", false), ("0", 0), ("-0", 0), ("-1", -1),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("1.0", 1.0), ("1e3", 1_000.0), ("-2.5E-1", -0.25),
            ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
            ("5e-324", .double(.leastNonzeroMagnitude)), ("\"\"", ""),
            ("\"a\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "a/\u{8}\u{C}\n\r\t\"\\"),
            ("\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\"", "Aé€😀"), ("\"é€😀\u{7F}\"", "é€😀\u{7F}"),
            ("[]", []), ("[ 1 , [ ] , { } ]", [1, [], [:]]), ("{}", [:]),
            ("{ \"b\" : 1 , \"a\" : [ null ] }", ["b": 1, "a": [nil]]), ("{\"\":{\"\":0}}", ["": ["": 0]]),
        ] as [(String, JSONValue)]
    )
    func readsValues(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test("Integers stay exact and apart from doubles")
    func keepsIntegersApart() throws {
        #expect(try JSONValue(parsing: "1") != JSONValue(parsing: "1.0"))
        #expect(try JSONValue(parsing: "9007199254740993").integerValue == 9_007_199_254_740_993)
        #expect(try JSONValue(parsing: "1.0").integerValue == nil)
    }

    @Test("Fields keep their order")
    func keepsOrder() throws {
        let value = try JSONValue(parsing: "{\"z\":1,\"a\":2,\"m\":3}")
        #expect(value.objectValue?.names == ["z", "a", "m"])
        #expect(value.text == "{\"z\":1,\"a\":2,\"m\":3}")
    }

    @Test("Depth is limited: 0, 1, the limit, one more", arguments: [0, 1, 2, 31, 32, 255, 256])
    func limitsDepth(limit: Int) throws {
        let limits = JSONLimits(maximumDepth: limit)
        let inside = String(repeating: "[", count: limit) + "1" + String(repeating: "]", count: limit)
        let outside = "{\"a\":\(inside)}"
        #expect(throws: Never.self) { try JSONValue(parsing: inside, limits: limits) }
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: outside, limits: limits) }
        #expect(error?.code == .tooDeep)
    }

    @Test("The depth limit is 32 if nothing else is said, and never above the cap")
    func capsDepth() {
        #expect(JSONLimits.standard.maximumDepth == 32)
        #expect(JSONLimits(maximumDepth: .max).maximumDepth == JSONLimits.greatestDepth)
        #expect(JSONLimits(maximumBytes: -1, maximumDepth: -1) == JSONLimits(maximumBytes: 0, maximumDepth: 0))
        let hostile = String(repeating: "[", count: 500_000)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: hostile) }
        #expect(error?.code == .tooDeep)
    }

    @Test("Size is limited: 0, 1, the limit, one more", arguments: [0, 1, 2, 100])
    func limitsSize(limit: Int) throws {
        let limits = JSONLimits(maximumBytes: limit)
        let digits = String(repeating: " ", count: max(limit - 1, 0)) + "1"
        if limit > 0 {
            #expect(try JSONValue(parsing: digits, limits: limits) == 1)
        }
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: " " + String(repeating: " ", count: limit) + "1", limits: limits)
        }
        #expect(error?.code == .tooLarge)
    }

    @Test("A document can be looked into without copying")
    func looksInto() throws {
        let text = #"{"jsonrpc":"2.0","params":{"list":[1,"x",true,null],"näme":"v"}}"#
        let root = try JSONDocument(parsing: Array(text.utf8)).root
        #expect(root["jsonrpc"]?.string == "2.0")
        let list = try #require(root["params"]?["list"])
        #expect(list.elements.map(\.value) == [1, "x", true, nil])
        #expect(list.elements[1].pointer.text == "/params/list/1")
        #expect(root["params"]?["näme"]?.string == "v")
        #expect(root["params"]?.names == ["list", "näme"])
        #expect(root["absent"] == nil && root["jsonrpc"]?["x"] == nil && list["x"] == nil)
        #expect(list.elements[0].integer == 1 && list.elements[2].bool == true && list.elements[3].isNull)
    }
}
