/// An e-mail address as sign-in name: ASCII, folded to lower case, at most 254 characters.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package var description: String { text }

    /// Reads `local@domain`, or answers `nil`.
    ///
    /// The local part is a dot-atom (RFC 5321 §4.1.2) of at most 64 characters, the domain a name of letters, digits
    /// and hyphens; quoted local parts, address literals and comments are refused.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (3...254).contains(bytes.count), let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        let local = bytes[..<at]
        let domain = bytes[(at + 1)...]
        guard (1...64).contains(local.count), Self.isDotted(local, by: Self.isAtomByte),
            Self.isDotted(domain, by: Self.isNameByte), Self.areLabels(domain)
        else { return nil }
        self.text = String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }

    private static func isDotted(_ bytes: ArraySlice<UInt8>, by isMember: (UInt8) -> Bool) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isMember) }
    }

    private static func areLabels(_ domain: ArraySlice<UInt8>) -> Bool {
        domain.split(separator: UInt8(ascii: ".")).allSatisfy { label in
            label.count <= 63 && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        Base62.contains(byte) || byte == UInt8(ascii: "-")
    }

    private static func isAtomByte(_ byte: UInt8) -> Bool {
        Base62.contains(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }
}
