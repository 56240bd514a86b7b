/// A network in CIDR notation, or a single address.
package struct NetworkRange: Sendable, Hashable {
    /// The network as it was written.
    package let text: String
    package let address: IPAddress
    package let prefixLength: Int

    /// Fails on a malformed address, a prefix beyond the address, and set bits outside the prefix, which are a slip
    /// more often than a wish.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        let longest = address.bytes.count * 8
        var prefixLength = longest
        if parts.count == 2 {
            let digits = parts[1]
            guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
                let length = Int(digits), length <= longest
            else { return nil }
            prefixLength = length
        }
        for bit in prefixLength..<longest where address.bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 { return nil }
        self.text = text
        self.address = address
        self.prefixLength = prefixLength
    }
}
