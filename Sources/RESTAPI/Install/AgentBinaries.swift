/// The daemon's programs that this server can hand out at a moment, one per architecture.
package struct AgentBinaries: Sendable {
    /// One program.
    package struct Binary: Sendable, Equatable {
        package let architecture: String
        package let path: String
        package let size: Int64
        /// SHA-256 in hexadecimal.
        package let digest: String
    }

    /// The architectures there is a name for, as `uname -m` says them.
    package static let architectures = ["x86_64", "aarch64"]

    /// The architecture of this machine.
    static var ownArchitecture: String {
        #if arch(arm64)
        "aarch64"
        #else
        "x86_64"
        #endif
    }

    private let binaries: [String: Binary]

    init(_ binaries: [String: Binary]) {
        self.binaries = binaries
    }

    package subscript(_ architecture: String) -> Binary? {
        binaries[architecture]
    }
}
