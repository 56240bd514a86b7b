internal import Domain

/// What a setting's value looks like, and the only place that reads one.
package enum SettingForm: Sendable, Hashable {
    /// Any text without control characters.
    case text
    /// A path of a file or directory; a leading `~/` stands for the home directory.
    case path
    /// A host and a port to listen on.
    case listenAddress
    /// An `http` or `https` origin without a path.
    case origin
    /// The name of a container image, with registry, tag and digest as wanted.
    case image
    /// Where the data lives: `sqlite:` and a path, or a PostgreSQL URL.
    case database
    /// `true` or `false`.
    case flag
    /// A whole number within a range.
    case integer(ClosedRange<Int>, unit: String)
    /// One of several words.
    case choice([String])
    /// Addresses and networks in CIDR notation, separated by commas.
    case networks

    /// What would be right, as the end of the sentence "it must be …".
    package var expectation: String {
        switch self {
        case .text: "text without control characters"
        case .path: "a path"
        case .listenAddress: "an address and a port from 0 to 65535, such as 127.0.0.1:8787 or [::1]:8787"
        case .origin: "an http or https origin without a path, such as https://claviger.example.com"
        case .database: DatabaseLocation.expectation
        case .image: "an image's name such as registry.example.com/claviger-agent:1.2"
        case .flag: "true or false"
        case .integer(let range, let unit):
            "a whole number\(unit.isEmpty ? "" : " of \(unit)") from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .networks: "addresses or networks separated by commas, such as 10.0.0.0/8,fd00::/8"
        }
    }

    /// Reads a value; nil if the text is not one of this form.
    package func value(of text: String) -> SettingValue? {
        guard !text.isEmpty, text.utf8.count <= 4096, !text.unicodeScalars.contains(where: isControl) else {
            return nil
        }
        switch self {
        case .text, .path:
            return .text(text)
        case .listenAddress:
            return ListenAddress(text).map { .text($0.text) }
        case .origin:
            return PublicOrigin(text).map { .text($0.text) }
        case .database:
            return (try? DatabaseLocation(text)).map { _ in .text(text) }
        case .image:
            return Self.isImage(text) ? .text(text) : nil
        case .flag:
            return text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
        case .integer(let range, _):
            return Self.integer(text).flatMap { range.contains($0) ? .integer($0) : nil }
        case .choice(let words):
            return words.contains(text) ? .text(text) : nil
        case .networks:
            return Self.networks(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        }
    }

    /// What exactly is wrong with a text, as far as this form can tell.
    func fault(in text: String) -> String? {
        guard self == .database, !text.isEmpty else { return nil }
        do throws(DatabaseLocation.Fault) {
            _ = try DatabaseLocation(text)
            return nil
        } catch {
            return error.reason
        }
    }

    /// Reads a list as a YAML sequence gives it; nil if the form takes no list or an item is malformed.
    package func value(ofItems items: [String]) -> SettingValue? {
        guard self == .networks else { return nil }
        return Self.networks(items)
    }

    /// Letters and digits first, then also what separates the parts of a name: it goes into commands and manifests as is.
    private static func isImage(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 255 else { return false }
        return isAlphanumeric(first) && text.utf8.allSatisfy { isAlphanumeric($0) || Array("._-/:@".utf8).contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    /// Decimal digits only: no sign but a leading minus, no blanks, no underscores, no exponents.
    private static func integer(_ text: String) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func networks(_ items: [String]) -> SettingValue? {
        var networks: [String] = []
        for item in items {
            let text = item.trimmingBlanks()
            guard (try? AddressRange(parsing: text)) != nil else { return nil }
            networks.append(text)
        }
        return .list(networks)
    }

    private func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    package func trimmingBlanks() -> String {
        var rest = self[...]
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
