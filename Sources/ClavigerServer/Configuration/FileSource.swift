import Yams

/// Reads settings from a YAML file: one mapping of keys to scalars (or, for lists, sequences of scalars).
package enum FileSource {
    /// Longer files are refused unread.
    package static let sizeLimit = 65_536

    /// Reads the text of a file; the path is for messages only.
    package static func read(
        _ text: String,
        path: String
    ) throws(ConfigurationError) -> [SettingDeclaration: SettingValue] {
        let shownPath = SettingSource.printable(path)
        guard text.utf8.count <= sizeLimit else {
            throw ConfigurationError(
                .malformedSource,
                "file \(shownPath): is longer than \(sizeLimit) bytes; settings need less."
            )
        }
        guard let root = try document(text, path: shownPath) else { return [:] }
        guard case .mapping(let mapping) = root else {
            throw ConfigurationError(
                .malformedSource,
                "file \(shownPath): must be a list of lines such as `listen: 127.0.0.1:8787`."
            )
        }
        var values: [SettingDeclaration: SettingValue] = [:]
        for (keyNode, node) in mapping {
            guard let key = keyNode.scalar?.string, let setting = ServerSetting.all.first(where: { $0.key == key })
            else {
                throw .unknown(
                    keyNode.scalar?.string ?? "a key that is not a word",
                    in: "file \(shownPath)",
                    candidates: ServerSetting.all.map(\.key)
                )
            }
            guard values[setting] == nil else {
                throw ConfigurationError(.duplicateKey, "file \(shownPath), key \(key): stands there twice.")
            }
            guard let value = value(of: node, setting) else {
                throw .malformed(setting, .file(shownPath), found: spelling(of: node))
            }
            values[setting] = value
        }
        return values
    }

    /// The one document of the file; nil if the file is empty.
    private static func document(_ text: String, path: String) throws(ConfigurationError) -> Node? {
        do {
            let parser = try Parser(yaml: text)
            var documents: [Node] = []
            while documents.count < 2, let node = try parser.nextRoot() {
                documents.append(node)
            }
            guard documents.count <= 1 else {
                throw ConfigurationError(.malformedSource, "file \(path): holds more than one YAML document.")
            }
            guard let node = documents.first else { return nil }
            if case .scalar(let scalar) = node, scalar.style == .plain, scalar.string.isEmpty { return nil }
            return node
        } catch let error as ConfigurationError {
            throw error
        } catch let error as YamlError {
            throw Self.refusal(of: error, path: path)
        } catch {
            throw ConfigurationError(.malformedSource, "file \(path): is not YAML.")
        }
    }

    /// Says where the fault is without repeating what stands there: it may be a secret.
    private static func refusal(of error: YamlError, path: String) -> ConfigurationError {
        switch error {
        case .duplicatedKeysInMapping(let duplicates, _):
            let keys = duplicates.map { SettingSource.printable("\($0)") }.joined(separator: ", ")
            return ConfigurationError(.duplicateKey, "file \(path), key \(keys): stands there twice.")
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return ConfigurationError(
                .malformedSource,
                "file \(path), line \(mark.line): is not YAML (\(problem))."
            )
        default:
            return ConfigurationError(.malformedSource, "file \(path): is not YAML.")
        }
    }

    /// Numbers and truth values must be plain words, so that `"20"` in quotes is the text it claims to be.
    private static func value(of node: Node, _ setting: SettingDeclaration) -> SettingValue? {
        switch node {
        case .scalar(let scalar):
            let plain = scalar.style == .any || scalar.style == .plain
            switch setting.form {
            case .flag, .integer: return plain ? setting.form.value(of: scalar.string) : nil
            default: return plain && isNull(scalar.string) ? nil : setting.form.value(of: scalar.string)
            }
        case .sequence(let sequence):
            var items: [String] = []
            for item in sequence {
                guard let scalar = item.scalar else { return nil }
                items.append(scalar.string)
            }
            return setting.form.value(ofItems: items)
        default:
            return nil
        }
    }

    private static func isNull(_ text: String) -> Bool {
        ["", "~", "null", "Null", "NULL"].contains(text)
    }

    private static func spelling(of node: Node) -> String {
        switch node {
        case .scalar(let scalar): scalar.string
        case .sequence: "a sequence"
        case .mapping: "a mapping"
        default: "an alias"
        }
    }
}
