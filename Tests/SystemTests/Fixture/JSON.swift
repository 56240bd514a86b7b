import Foundation

/// A JSON value as an answer holds it, read with Foundation and nothing of the product.
enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    init(_ data: Data) {
        self.init((try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) ?? NSNull())
    }

    private init(_ value: Any) {
        switch value {
        case let value as NSNumber: self = isTruthValue(value) ? .bool(value.boolValue) : .number(value.doubleValue)
        case let value as String: self = .text(value)
        case let value as [Any]: self = .list(value.map { JSON($0) })
        case let value as [String: Any]: self = .object(value.mapValues { JSON($0) })
        default: self = .null
        }
    }

    subscript(key: String) -> JSON {
        if case .object(let members) = self { members[key] ?? .null } else { .null }
    }

    subscript(index: Int) -> JSON {
        if case .list(let items) = self, items.indices.contains(index) { items[index] } else { .null }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    var int: Int? { if case .number(let number) = self { Int(number) } else { nil } }
    var items: [JSON] { if case .list(let items) = self { items } else { [] } }
    var keys: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }

    /// A text that must be there.
    func string(_ key: String) throws -> String {
        guard let text = self[key].text else { throw Failure("no text `\(key)` in \(self)") }
        return text
    }
}

/// Whether a number that Foundation read was `true` or `false`.
private func isTruthValue(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) == "c"
}
