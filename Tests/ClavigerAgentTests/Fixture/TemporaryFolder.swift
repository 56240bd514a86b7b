import Glibc

/// A folder of a test's own, gone when the test ends.
enum TemporaryFolder {
    static func use<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = try make()
        defer { remove(path) }
        return try body(path)
    }

    static func useAsync<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let path = try make()
        defer { remove(path) }
        return try await body(path)
    }

    static func write(_ text: String, to path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        _ = text.withCString { Glibc.write(file, $0, text.utf8.count) }
        close(file)
    }

    struct Failure: Error {}

    private static func make() throws -> String {
        var template = Array("/tmp/claviger-agent-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure() }
        return String(cString: made)
    }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name != ".", name != ".." else { continue }
                remove(path + "/" + name)
            }
            closedir(folder)
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}

extension TemporaryFolder {
    static func makeFolder(_ path: String) { mkdir(path, 0o700) }

    static func removeFolder(_ path: String) { rmdir(path) }
}
