import Glibc

/// Where this program's own file lies.
enum ProgramPath {
    /// Another program in the same directory; nil if this program's file can't be found.
    static func beside(_ name: String) -> String? {
        directory.map { $0 + "/" + name }
    }

    /// The directory, without a slash at its end; nil if this program's file can't be found.
    static var directory: String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) } ?? -1
        }
        guard count > 0, count < buffer.count,
            let path = String(validating: buffer.prefix(count), as: UTF8.self), let slash = path.lastIndex(of: "/")
        else { return nil }
        return String(path[..<slash])
    }
}
