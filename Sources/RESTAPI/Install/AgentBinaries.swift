import Crypto
import NIOCore
import _NIOFileSystem

/// The daemon's programs that this server hands out, one per architecture, found in a directory at start.
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

    private let binaries: [String: Binary]

    /// Looks for `claviger-agent-<architecture>`; what is not there is answered with 404.
    ///
    /// - Parameters:
    ///   - directory: Where to look; nil hands out nothing.
    ///   - own: The daemon beside this server's own program, for its own architecture, if the directory has none.
    package init(directory: String?, own: String? = nil) async {
        var found: [String: Binary] = [:]
        for architecture in Self.architectures {
            var paths = directory.map { ["\($0)/claviger-agent-\(architecture)"] } ?? []
            if architecture == Self.ownArchitecture, let own { paths.append(own) }
            for path in paths where found[architecture] == nil {
                found[architecture] = await Self.load(path, architecture)
            }
        }
        binaries = found
    }

    private init(_ binaries: [String: Binary]) {
        self.binaries = binaries
    }

    /// A server that hands out nothing.
    package static let none = AgentBinaries([:])

    package subscript(_ architecture: String) -> Binary? {
        binaries[architecture]
    }

    private static var ownArchitecture: String {
        #if arch(arm64)
        "aarch64"
        #else
        "x86_64"
        #endif
    }

    /// Reads a file once for its length and digest; nil if it can't be read.
    private static func load(_ path: String, _ architecture: String) async -> Binary? {
        do {
            return try await FileSystem.shared.withFileHandle(forReadingAt: FilePath(path)) { file in
                var hash = SHA256()
                var offset: Int64 = 0
                while true {
                    let part = try await file.readChunk(fromAbsoluteOffset: offset, length: .mebibytes(1))
                    guard part.readableBytes > 0 else { break }
                    hash.update(data: part.readableBytesView)
                    offset += Int64(part.readableBytes)
                }
                guard offset > 0 else { return nil }
                let digest = hash.finalize().map(Hexadecimal.pair).joined()
                return Binary(architecture: architecture, path: path, size: offset, digest: digest)
            }
        } catch {
            return nil
        }
    }
}

/// Lower-case hexadecimal.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func pair(_ byte: UInt8) -> String {
        String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
    }
}
