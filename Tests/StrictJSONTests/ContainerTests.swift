import StrictJSON
import Testing

private class Base: Codable {
    var kind: String

    init(kind: String) {
        self.kind = kind
    }
}

/// Uses every kind of nested container.
private final class Derived: Base {
    enum Keys: String, CodingKey {
        case point, list, tail
        case base = "super"
    }

    var numbers: [Int]
    var tail: JSONValue

    init(kind: String, numbers: [Int], tail: JSONValue) {
        self.numbers = numbers
        self.tail = tail
        super.init(kind: kind)
    }

    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let point = try container.nestedContainer(keyedBy: Keys.self, forKey: .point)
        var list = try container.nestedUnkeyedContainer(forKey: .list)
        let first = try list.nestedContainer(keyedBy: Keys.self).decode(Int.self, forKey: .list)
        var rest = try list.nestedUnkeyedContainer()
        numbers = [try point.decode(Int.self, forKey: .point), first]
        while !rest.isAtEnd {
            if try !rest.decodeNil() { numbers.append(try rest.decode(Int.self)) }
        }
        tail = try container.decode(JSONValue.self, forKey: .tail)
        try super.init(from: container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try super.encode(to: container.superEncoder())
        var point = container.nestedContainer(keyedBy: Keys.self, forKey: .point)
        var list = container.nestedUnkeyedContainer(forKey: .list)
        try point.encode(numbers[0], forKey: .point)
        var first = list.nestedContainer(keyedBy: Keys.self)
        try first.encode(numbers[1], forKey: .list)
        var rest = list.nestedUnkeyedContainer()
        try rest.encodeNil()
        for number in numbers.dropFirst(2) { try rest.encode(number) }
        try container.encode(tail, forKey: .tail)
    }
}

@Suite struct ContainerTests {
    private let text = #"{"super":{"kind":"k"},"point":{"point":1},"list":[{"list":2},[null,3,4]],"tail":{"a":[]}}"#

    @Test("Nested and super containers are read and written")
    func nests() throws {
        let value = try StrictJSONDecoder().decode(Derived.self, from: text)
        #expect(value.kind == "k")
        #expect(value.numbers == [1, 2, 3, 4])
        #expect(try StrictJSONEncoder().text(value) == text)
    }

    @Test("Unknown fields are found inside nested containers")
    func findsUnknownInside() throws {
        let changed = #"{"super":{"kind":"k","x":1},"point":{"point":1,"y":1},"list":[{"list":2,"z":0},[3]],"tail":1}"#
        let error = try #require(throws: JSONError.self) { try StrictJSONDecoder().decode(Derived.self, from: changed) }
        #expect(error.faults.map(\.path) == ["/super/x", "/point/y", "/list/0/z"])
    }

    @Test("An array that is too short says so")
    func refusesShortArrays() throws {
        let error = try #require(throws: JSONError.self) {
            try StrictJSONDecoder().decode(Derived.self, from: #"{"super":{"kind":"k"},"point":{"point":1},"list":[]}"#)
        }
        #expect(error == JSONError(.missingField, path: "/list/0", message: ""))
    }
}
