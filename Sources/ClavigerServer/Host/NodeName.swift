internal import Domain

/// The name of this node: the same after a restart, for people who read of it in logs and histories.
enum NodeName {
    /// Reads the name from the data directory, or makes one on the first start.
    ///
    /// Whoever runs the server may write another one there: letters, digits, dots and hyphens, 64 at most.
    static func read(in directory: DataDirectory, random: RandomSource) throws(HostError) -> String {
        if let text = try PrivateFile.read(directory.nodeFile) {
            let name = String(text.prefix { $0 != "\n" })
            if isWellFormed(name) { return name }
        }
        let name = "node-" + Hexadecimal.encode(random.bytes(4))
        try PrivateFile.write(name + "\n", to: directory.nodeFile)
        return name
    }

    private static func isWellFormed(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
