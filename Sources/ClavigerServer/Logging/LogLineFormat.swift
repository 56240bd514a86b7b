import StrictJSON

/// The shape of a log line.
package enum LogLineFormat: String, Sendable {
    case text
    case json

    /// One line with its end; fields keep their order, and no value can start a new line.
    package func line(_ fields: [(String, String)]) -> String {
        switch self {
        case .text:
            fields.map { "\($0.0)=\(Self.quoted($0.1))" }.joined(separator: " ") + "\n"
        case .json:
            JSONValue.object(JSONObject(fields.map { ($0.0, JSONValue.string($0.1)) })).text + "\n"
        }
    }

    /// A value as it is, or in quotes if it has blanks, quotes, equals signs or control characters.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar.value != 0x7F && scalar != "\"" && scalar != "=" && scalar != "\\"
            }
        guard !isPlain else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case "\n": quoted += "\\n"
            case _
            where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || (0x2028...0x2029).contains(scalar.value):
                quoted += scalar.escaped(asASCII: true)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
