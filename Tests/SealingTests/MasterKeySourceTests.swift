import Domain
import Sealing
import Testing

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

@Suite("Master key sources")
struct MasterKeySourceTests {
    private static let text = String(repeating: "0a", count: 32)

    @Test("OPS-2: a master key is made on first start as a 0600 file and read again afterwards")
    func makes() throws {
        try withDirectory { directory in
            let path = "\(directory)/master.key"
            let first = try MasterKeySource.file(path: path).loadOrMake(random: .system)
            #expect(mode(of: path) == 0o600)
            let again = try MasterKeySource.file(path: path).loadOrMake(random: .system)
            #expect(again.current.id == first.current.id)
            #expect(try MasterKeySource.file(path: path).load().current.id == first.current.id)
            #expect(entries(of: directory) == ["master.key"])
        }
    }

    @Test("OPS-2: without a master key the refusal names the file")
    func missing() throws {
        try withDirectory { directory in
            let error = try #require(throws: SealingError.self) {
                try MasterKeySource.file(path: "\(directory)/none").load()
            }
            #expect(error.code == .missingMasterKey)
            #expect(error.message.contains("\(directory)/none"))
        }
    }

    @Test("OPS-2: a master key that others can read is refused", arguments: [0o640, 0o604, 0o660, 0o601] as [mode_t])
    func exposed(mode: mode_t) throws {
        try withDirectory { directory in
            let path = "\(directory)/master.key"
            try write(Self.text, to: path)
            chmod(path, mode)
            let error = try #require(throws: SealingError.self) { try MasterKeySource.file(path: path).load() }
            #expect(error.code == .exposedMasterKey)
            #expect(error.message.contains("chmod 600 \(path)"))
        }
    }

    @Test(
        "OPS-2: what is no master key is refused, and no message repeats it",
        arguments: [
            ("", .missingMasterKey), (" \n", .missingMasterKey), ("secretsecret", .malformedMasterKey),
            (String(repeating: "0", count: 63), .malformedMasterKey),
            (String(repeating: "0", count: 65), .malformedMasterKey),
            (String(repeating: "0g", count: 32), .malformedMasterKey),
            (Array(repeating: text, count: 5).joined(separator: " "), .malformedMasterKey),
        ] as [(String, SealingError.Code)]
    )
    func malformed(content: String, code: SealingError.Code) throws {
        try withDirectory { directory in
            let path = "\(directory)/master.key"
            try write(content, to: path)
            let sources: [MasterKeySource] = [
                .file(path: path), .environment(name: "CLAVIGER_MASTER_KEY", value: content),
                .command("cat \(path)", timeLimit: .seconds(10)),
            ]
            for source in sources {
                let error = try #require(throws: SealingError.self) { try source.load() }
                #expect(error.code == code)
                #expect(content.count < 8 || !error.message.contains(content))
            }
        }
    }

    @Test("OPS-2: a file that is far too long is refused")
    func tooLong() throws {
        try withDirectory { directory in
            let path = "\(directory)/master.key"
            try write(String(repeating: "0", count: 4097), to: path)
            #expect(throws: SealingError(.malformedMasterKey, "")) { try MasterKeySource.file(path: path).load() }
            #expect(throws: SealingError(.unreadableMasterKey, "")) {
                try MasterKeySource.file(path: directory).load()
            }
        }
    }

    @Test("OPS-2: environment and command give the key that their text says")
    func environmentAndCommand() throws {
        let expected = try #require(MasterKey(hexadecimal: Self.text)).id
        let environment = MasterKeySource.environment(name: "X", value: "\(Self.text)\n")
        #expect(try environment.load().current.id == expected)
        let command = MasterKeySource.command("echo \(Self.text)", timeLimit: .seconds(10))
        #expect(try command.load().current.id == expected)
        #expect(try command.loadOrMake(random: .system).current.id == expected)
    }

    @Test("OPS-2: a command gets the variables of the server without those that are none of its business")
    func hiddenVariables() throws {
        let expected = try #require(MasterKey(hexadecimal: Self.text)).id
        let command = "test -z \"$HOME\" && test -n \"$PATH\" && echo \(Self.text)"
        let source = MasterKeySource.command(command, timeLimit: .seconds(10), hiding: ["HOME", "CLAVIGER_NONE"])
        #expect(try source.load().current.id == expected)
        #expect(throws: SealingError(.unreadableMasterKey, "")) {
            try MasterKeySource.command(command, timeLimit: .seconds(10)).load()
        }
    }

    @Test("OPS-2: a command that fails, hangs or floods is ended with a sentence")
    func failingCommands() throws {
        func code(_ command: String, _ limit: Duration) throws -> SealingError.Code {
            try #require(throws: SealingError.self) {
                try MasterKeySource.command(command, timeLimit: limit).load()
            }.code
        }
        #expect(try code("exit 3", .seconds(10)) == .unreadableMasterKey)
        #expect(try code("kill -9 $$", .seconds(10)) == .unreadableMasterKey)
        #expect(try code("true", .seconds(10)) == .missingMasterKey)
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try code("sleep 30", .milliseconds(200)) == .masterKeyTimeLimit)
        #expect(try code("sleep 30 >&- & exec sleep 30 >&-", .milliseconds(200)) == .masterKeyTimeLimit)
        #expect(try code("yes", .seconds(10)) == .masterKeyTimeLimit)
        #expect(clock.now - start < .seconds(8))
    }

    @Test("OPS-2: several keys stand in one source while they are changed, the current one first")
    func several() throws {
        let other = String(repeating: "0b", count: 32)
        let keys = try MasterKeys(parsing: "\(Self.text),\(other)", source: "X")
        #expect(keys.current.id == MasterKey(hexadecimal: Self.text)?.id)
        #expect(keys.older.map(\.id) == [MasterKey(hexadecimal: other)?.id])
        try withDirectory { directory in
            let file = MasterKeyFile(path: "\(directory)/master.key")
            try file.create(MasterKeys(current: keys.current))
            try file.replace(with: keys)
            #expect(try file.read().older.count == 1)
            #expect(mode(of: file.path) == 0o600)
            #expect(entries(of: directory) == ["master.key"])
        }
    }

    @Test("OPS-2: a key file that root changes stays its owner's, and a new one is its directory's owner's")
    func owner() throws {
        // Only root can give files away.
        guard geteuid() == 0 else { return }
        let random = RandomSource.system
        try withDirectory { directory in
            let file = MasterKeyFile(path: "\(directory)/master.key")
            try file.create(MasterKeys(current: .make(random: random)))
            #expect(chown(file.path, 4711, 4712) == 0)
            try file.replace(with: MasterKeys(current: .make(random: random)))
            #expect(ids(of: file.path) == [4711, 4712])
            #expect(mode(of: file.path) == 0o600)
            unlink(file.path)
            #expect(chown(directory, 4713, 4714) == 0)
            try file.create(MasterKeys(current: .make(random: random)))
            #expect(ids(of: file.path) == [4713, 4714])
            _ = try MasterKeyFileLock(file)
            #expect(ids(of: file.path + ".lock") == [4713, 4714])
            unlink(file.path + ".lock")
        }
    }

    @Test("OPS-2: one change of a key file runs at a time")
    func lock() throws {
        try withDirectory { directory in
            let file = MasterKeyFile(path: "\(directory)/master.key")
            let lock = try MasterKeyFileLock(file)
            #expect(throws: SealingError(.masterKeyInUse, "")) { _ = try MasterKeyFileLock(file) }
            lock.hold()
            _ = consume lock
            _ = try MasterKeyFileLock(file)
            unlink(file.path + ".lock")
        }
    }
}

private func ids(of path: String) -> [UInt32] {
    var status = stat()
    guard stat(path, &status) == 0 else { return [] }
    return [status.st_uid, status.st_gid]
}

/// Runs with a directory of its own and removes it afterwards.
private func withDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/claviger-sealing-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.flatMap { mkdtemp($0) } != nil }
    try #require(made)
    let directory = template.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { String(cString: $0) } ?? "" }
    defer {
        for entry in entries(of: directory) { unlink("\(directory)/\(entry)") }
        rmdir(directory)
    }
    try body(directory)
}

private func entries(of directory: String) -> [String] {
    guard let handle = opendir(directory) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

private func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
    chmod(path, 0o600)
}

private func mode(of path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
}
