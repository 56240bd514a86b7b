internal import Domain

/// The name of this node: the same after a restart, so that it finds its own leases again instead of waiting for them
/// to end (ROT-9).
enum NodeName {
    /// Reads the name from the data directory, or makes one on the first start.
    static func read(in directory: DataDirectory, ids: IDSource) throws(HostError) -> String {
        if let text = try PrivateFile.read(directory.nodeFile), let id = EventID(String(text.prefix { $0 != "\n" })) {
            return id.text
        }
        let id = ids.next(EventID.self)
        try PrivateFile.write(id.text + "\n", to: directory.nodeFile)
        return id.text
    }
}
