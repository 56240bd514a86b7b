import Crypto
import Domain
import NIOCore
import _NIOFileSystem

/// Where the daemon's programs lie: it finds them and knows their digests.
///
/// A file is read when somebody first asks for it, and again only when its size or its time of change is another: a
/// start costs nothing, and a program that is put there later is found without a restart.
package actor AgentBinaryShelf {
    private struct Known {
        let changed: FileInfo.Timespec
        let binary: AgentBinaries.Binary
    }

    private let directory: String?
    private let own: String?
    private var known: [String: Known] = [:]
    private var isReading = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Looks for `claviger-agent-<architecture>`; what is not there is answered with 404.
    ///
    /// - Parameters:
    ///   - directory: Where to look; nil hands out nothing.
    ///   - own: The daemon beside this server's own program, for its own architecture, if the directory has none.
    package init(directory: String?, own: String? = nil) {
        self.directory = directory
        self.own = own
    }

    /// A shelf with nothing on it.
    package static let none = AgentBinaryShelf(directory: nil)

    /// What lies there now; one caller at a time reads files, the others profit from it.
    package func binaries() async -> AgentBinaries {
        while isReading { await withCheckedContinuation { waiting.append($0) } }
        isReading = true
        var found: [String: AgentBinaries.Binary] = [:]
        for architecture in AgentBinaries.architectures {
            for path in paths(architecture) where found[architecture] == nil {
                found[architecture] = await binary(path, architecture)
            }
        }
        isReading = false
        let woken = waiting
        waiting = []
        for waiter in woken { waiter.resume() }
        return AgentBinaries(found)
    }

    private func paths(_ architecture: String) -> [String] {
        var paths = directory.map { ["\($0)/claviger-agent-\(architecture)"] } ?? []
        if architecture == AgentBinaries.ownArchitecture, let own { paths.append(own) }
        return paths
    }

    /// The program in a file; nil if it can't be read.
    private func binary(_ path: String, _ architecture: String) async -> AgentBinaries.Binary? {
        guard let info = try? await FileSystem.shared.info(forFileAt: FilePath(path)), info.type == .regular else {
            known[path] = nil
            return nil
        }
        let changed = info.lastDataModificationTime
        if let before = known[path], before.binary.size == info.size, before.changed == changed { return before.binary }
        guard let (size, digest) = try? await Self.read(path), size > 0 else { return nil }
        let binary = AgentBinaries.Binary(architecture: architecture, path: path, size: size, digest: digest)
        known[path] = Known(changed: changed, binary: binary)
        return binary
    }

    /// Reads a file once for its length and digest, beside the event loops: that takes a while.
    private static func read(_ path: String) async throws -> (size: Int64, digest: String) {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try await digest(path) }
    }

    private static func digest(_ path: String) async throws -> (size: Int64, digest: String) {
        try await FileSystem.shared.withFileHandle(forReadingAt: FilePath(path)) { file in
            var hash = SHA256()
            var offset: Int64 = 0
            while true {
                let part = try await file.readChunk(fromAbsoluteOffset: offset, length: .mebibytes(1))
                guard part.readableBytes > 0 else { break }
                hash.update(data: part.readableBytesView)
                offset += Int64(part.readableBytes)
            }
            return (offset, Hexadecimal.encode(hash.finalize()))
        }
    }
}
