import StrictJSON
import Testing

private enum Mode: String, Codable, CaseIterable {
    case graceful
    case force
}

private struct Inner: Codable, Equatable {
    var flag: Bool
    var note: String?
}

private struct Outer: Codable, Equatable {
    var name: String
    var mode: Mode?
    var count: Int
    var small: UInt8 = 0
    var ratio: Double
    var labels: [String: String]
    var inner: [Inner]
    var schema: JSONValue?

    static let sample = Outer(
        name: "n",
        mode: .force,
        count: -3,
        small: 255,
        ratio: 0.5,
        labels: ["b": "1"],
        inner: [Inner(flag: true, note: nil), Inner(flag: false, note: "x")],
        schema: ["type": "object", "extra": [1, 2.5, nil]]
    )
    static let text = """
        {"name":"n","mode":"force","count":-3,"small":255,"ratio":0.5,"labels":{"b":"1"},\
        "inner":[{"flag":true},{"flag":false,"note":"x"}],"schema":{"type":"object","extra":[1,2.5,null]}}
        """
}

@Suite struct DecoderTests {
    private func fault<T: Decodable>(_ type: T.Type, _ text: String) throws -> JSONError {
        try #require(throws: JSONError.self) { try StrictJSONDecoder().decode(type, from: text) }
    }

    private func outer(replacing old: String, with new: String) throws -> JSONError {
        #expect(Outer.text.contains(old))
        let parts = Outer.text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        return try fault(Outer.self, parts.joined(separator: new))
    }

    @Test("Types are read and written, fields in encoding order")
    func roundTrips() throws {
        #expect(try StrictJSONDecoder().decode(Outer.self, from: Outer.text) == .sample)
        #expect(try StrictJSONEncoder().text(Outer.sample) == Outer.text)
    }

    @Test("Unknown fields are refused by name, at any depth, all at once")
    func refusesUnknownFields() throws {
        let text =
            #"{"name":"n","nam":1,"count":1,"small":1,"ratio":1,"labels":{},"#
            + #""inner":[{"flag":true,"x/y":{"deep":1}}],"schema":{"any":{"thing":1}},"zz":{"q":1}}"#
        let error = try fault(Outer.self, text)
        #expect(error.code == .unknownField)
        #expect(error.faults.map(\.path) == ["/nam", "/inner/0/x~1y", "/zz"])
        #expect(error.faults[0].message.contains("“nam”"))
        let decoder = StrictJSONDecoder(unknownFields: .ignore)
        #expect(try decoder.decode(Outer.self, from: text).inner == [Inner(flag: true)])
    }

    @Test("A name in an error is shortened and has no control characters")
    func shortensNames() throws {
        let name = String(repeating: "a", count: 100) + "\\u001b"
        let error = try fault([String: Inner].self, "{\"k\":{\"flag\":true,\"\(name)\":1,\"\\u001b[0m\":2}}")
        #expect(error.faults.count == 2)
        #expect(error.faults[0].message.count < 120)
        #expect(!error.message.unicodeScalars.contains("\u{1B}"))
    }

    @Test("Wrong types, ranges and missing fields say what would be right")
    func saysWhatWouldBeRight() throws {
        var error = try outer(replacing: "\"name\":\"n\"", with: "\"name\":1")
        #expect(error == JSONError(.wrongType, path: "/name", message: ""))
        #expect(error.message == "The value must be a string, not an integer.")
        error = try outer(replacing: "\"name\":\"n\",", with: "")
        #expect(error == JSONError(.missingField, path: "/name", message: ""))
        #expect(error.message == "Field “name” is missing; it must be a string.")
        error = try outer(replacing: "\"flag\":false", with: "\"flag\":0")
        #expect(error == JSONError(.wrongType, path: "/inner/1/flag", message: ""))
        error = try outer(replacing: "\"small\":255", with: "\"small\":256")
        #expect(error == JSONError(.numberOutOfRange, path: "/small", message: ""))
        #expect(error.message == "The integer must be from 0 to 255.")
        error = try outer(replacing: "\"count\":-3", with: "\"count\":3.0")
        #expect(error == JSONError(.wrongType, path: "/count", message: ""))
        error = try outer(replacing: "\"mode\":\"force\"", with: "\"mode\":\"secret-text\"")
        #expect(error == JSONError(.invalidValue, path: "/mode", message: ""))
        #expect(error.message == "The value must be one of graceful, force.")
        error = try outer(replacing: "{\"b\":\"1\"}", with: "{\"b\":1}")
        #expect(error == JSONError(.wrongType, path: "/labels/b", message: ""))
        error = try outer(replacing: "{\"b\":\"1\"}", with: "[]")
        #expect(error == JSONError(.wrongType, path: "/labels", message: ""))
        error = try fault(Outer.self, "[]")
        #expect(error == JSONError(.wrongType, path: "", message: ""))
        error = try fault(Outer.self, "null")
        #expect(error.code == .wrongType)
    }

    @Test("Optional fields may be null or absent")
    func readsOptionals() throws {
        let decoder = StrictJSONDecoder()
        #expect(try decoder.decode(Inner.self, from: #"{"flag":true,"note":null}"#) == Inner(flag: true))
        #expect(try decoder.decode([Int?].self, from: "[1,null,2]") == [1, nil, 2])
        #expect(try decoder.decode(Int?.self, from: "null") == nil)
        #expect(try decoder.decode(String.self, from: "\"x\"") == "x")
    }

    @Test("Integers of every width are read and written", arguments: [0, 1, 127])
    func readsWidths(number: Int) throws {
        func check<T: FixedWidthInteger & Codable>(_ type: T.Type) throws {
            let decoder = StrictJSONDecoder()
            let value = T(number)
            #expect(try decoder.decode([T].self, from: "[\(number)]") == [value])
            #expect(try decoder.decode([String: T].self, from: "{\"k\":\(number)}") == ["k": value])
            #expect(try decoder.decode(T.self, from: "\(number)") == value)
            #expect(try StrictJSONEncoder().text([value]) == "[\(number)]")
            #expect(try StrictJSONEncoder().text(["k": value]) == "{\"k\":\(number)}")
            #expect(try StrictJSONEncoder().text(value) == "\(number)")
        }
        try check(Int.self)
        try check(Int8.self)
        try check(Int16.self)
        try check(Int32.self)
        try check(Int64.self)
        try check(UInt.self)
        try check(UInt8.self)
        try check(UInt16.self)
        try check(UInt32.self)
        try check(UInt64.self)
    }

    @Test("Large objects are read by name as well")
    func readsLargeObjects() throws {
        let fields = Dictionary(uniqueKeysWithValues: (0..<5_000).map { ("key\($0)", $0) })
        let bytes = try StrictJSONEncoder().encode(fields)
        #expect(try StrictJSONDecoder().decode([String: Int].self, from: bytes) == fields)
    }

    @Test("A misplaced null byte or an endless number is not written")
    func refusesToWrite() throws {
        func code(_ value: some Encodable) -> JSONError? {
            #expect(throws: JSONError.self) { try StrictJSONEncoder().encode(value) }
        }
        #expect(code(["a": ["x\u{0}"]]) == JSONError(.invalidString, path: "/a/0", message: ""))
        #expect(code([1.0, .infinity]) == JSONError(.numberOutOfRange, path: "/1", message: ""))
        #expect(code([Double.nan])?.code == .numberOutOfRange)
        #expect(code(["n": UInt64.max]) == JSONError(.numberOutOfRange, path: "/n", message: ""))
        #expect(code(JSONValue.object(["k": .double(.nan)])) == JSONError(.numberOutOfRange, path: "/k", message: ""))
    }
}
