/// The values that stood where a route's template has `{placeholders}`, percent-decoded.
package struct PathParameters: Sendable, Equatable {
    private var values: [(name: String, value: String)] = []

    package init() {}

    package subscript(_ name: String) -> String? {
        values.first { $0.name == name }?.value
    }

    mutating func append(_ name: String, _ value: String) {
        values.append((name, value))
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.values.elementsEqual(right.values) { $0 == $1 }
    }
}
