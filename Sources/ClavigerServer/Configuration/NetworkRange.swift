package import HTTPKernel

/// A network in CIDR notation, or a single address, as a setting holds it.
package struct NetworkRange: Sendable, Hashable {
    /// The network as it was written.
    package let text: String
    package let range: IPRange

    /// Fails on what is no range, and on set bits outside the prefix, which are a slip more often than a wish.
    package init?(_ text: String) {
        guard let range = IPRange(text), !range.hasBitsBeyondPrefix else { return nil }
        self.text = text
        self.range = range
    }
}
