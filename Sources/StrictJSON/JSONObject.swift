/// The fields of a JSON object, in order, each name once.
///
/// Two objects are equal if they have the same fields in the same order.
public struct JSONObject: Sendable, Hashable {
    /// One field.
    public struct Field: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Its value.
        public var value: JSONValue

        /// Makes a field.
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// All fields in order.
    public private(set) var fields: [Field]

    /// An object without fields.
    public init() {
        fields = []
    }

    /// An object of these fields; a name that comes twice keeps its place and takes the later value.
    public init(_ pairs: some Sequence<(String, JSONValue)>) {
        self.init()
        for (name, value) in pairs {
            self[name] = value
        }
    }

    /// An object of fields whose names are known to differ.
    init(distinct fields: [Field]) {
        self.fields = fields
    }

    /// The names in order.
    public var names: [String] { fields.map(\.name) }

    /// Whether there is no field.
    public var isEmpty: Bool { fields.isEmpty }

    /// How many fields there are.
    public var count: Int { fields.count }

    /// The value of a field; setting nil removes it, setting a new name appends it.
    public subscript(_ name: String) -> JSONValue? {
        get { fields.first { $0.name == name }?.value }
        set {
            let position = fields.firstIndex { $0.name == name }
            switch (position, newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil): fields.remove(at: index)
            case (nil, let value?): fields.append(Field(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements)
    }
}
