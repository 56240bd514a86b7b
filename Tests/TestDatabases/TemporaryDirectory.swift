import Glibc

/// A folder of files that only this test uses.
package struct TemporaryDirectory: Sendable {
    /// Thrown where `/tmp` takes no folder.
    package struct Refused: Error {}

    package let path: String

    package init() throws {
        var template = Array("/tmp/claviger-test-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw Refused() }
        path = made
    }

    package func remove() {
        let directory = opendir(path)
        while let entry = directory.flatMap({ readdir($0) }) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink(path + "/" + name) }
        }
        if let directory { closedir(directory) }
        rmdir(path)
    }
}
