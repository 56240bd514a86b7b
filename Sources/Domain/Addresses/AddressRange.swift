/// An address of a client.
package struct IPAddress: Hashable, Sendable {
    let value: UInt32

    /// Reads an address, or answers `nil`.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4, !parts.contains(nil) else { return nil }
        value = parts.compactMap(\.self).reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// A range of addresses in CIDR notation.
package struct AddressRange: Hashable, Sendable {
    package let text: String
    private let base: UInt32
    private let mask: UInt32

    package init(parsing text: String) throws(AddressFault) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }), parts.count <= 2,
            let length = parts.count == 2 ? UInt32(parts[1]) : 32, length <= 32
        else { throw AddressFault() }
        self.text = text
        mask = length == 0 ? 0 : .max << (32 - length)
        base = address.value & mask
    }

    package func contains(_ address: IPAddress) -> Bool { address.value & mask == base }
}

/// A text that is no range of addresses.
package struct AddressFault: Error, Hashable, Sendable {
    package init() {}
}
