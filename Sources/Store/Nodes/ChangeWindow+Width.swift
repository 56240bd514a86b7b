extension ChangeWindow {
    /// How many transactions have begun since the oldest that had not ended at the last poll; 0 on SQLite.
    ///
    /// Their entries are looked at again with every poll, and kept by every node, until that one ends.
    package var width: Int64 {
        let parts = (snapshot ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let oldest = Int64(parts[0]), let next = Int64(parts[1]) else { return 0 }
        return max(0, next - oldest)
    }
}
