import ClavigerAgent
import Glibc
import Testing

@Suite("The agent's state directory")
struct StateDirectoryTests {
    static func state(tokens: Bool = true) -> AgentState {
        var state = AgentState(
            server: "https://keys.example",
            enrolmentID: "enrolment",
            privateKey: SecretBytes([UInt8](repeating: 7, count: 32))
        )
        guard tokens else { return state }
        state.agentID = "agt_1"
        state.credentialID = "crd_1"
        state.shelf = TokenShelf(
            confirmed: TokenShelfTests.token(1),
            unconfirmed: TokenShelfTests.token(0),
            superseded: TokenShelfTests.token(2)
        )
        return state
    }

    @Test("AGT-4: what was written is read again, all of it", arguments: [true, false])
    func roundTrip(tokens: Bool) throws {
        try TemporaryFolder.use { folder in
            let directory = try StateDirectory(opening: folder + "/a/b")
            #expect(try directory.read() == nil)
            try directory.write(Self.state(tokens: tokens))
            #expect(try directory.read() == Self.state(tokens: tokens))
        }
    }

    @Test("AGT-4: the directory is 0700, its files 0600, whatever the umask")
    func modes() throws {
        try TemporaryFolder.use { folder in
            let directory = try StateDirectory(opening: folder + "/state")
            try directory.write(Self.state())
            var facts = stat()
            #expect(stat(folder + "/state", &facts) == 0 && facts.st_mode & 0o777 == 0o700)
            #expect(stat(folder + "/state/state.json", &facts) == 0 && facts.st_mode & 0o777 == 0o600)
            #expect(stat(folder + "/state/lock", &facts) == 0 && facts.st_mode & 0o077 == 0)
            #expect(access(folder + "/state/state.json.new", F_OK) != 0)
        }
    }

    @Test("AGT-4: one process at a time; status looks without the lock")
    func lock() throws {
        try TemporaryFolder.use { folder in
            let path = folder + "/state"
            do {
                let directory = try StateDirectory(opening: path)
                try directory.write(Self.state())
                #expect(throws: AgentError(.stateLocked, "")) { _ = try StateDirectory(opening: path) }
                let seen = try StateDirectory.look(at: path)
                #expect(seen.isLocked)
                #expect(seen.state == Self.state())
                _ = directory
            }
            #expect(try !StateDirectory.look(at: path).isLocked)
            _ = try StateDirectory(opening: path)
        }
    }

    @Test("AGT-4: a directory or file that others can read is refused with the way out")
    func tooOpen() throws {
        try TemporaryFolder.use { folder in
            let path = folder + "/state"
            try StateDirectory(opening: path).write(Self.state())
            for (name, mode) in [
                (path, 0o710), (path, 0o701), (path + "/state.json", 0o640), (path + "/state.json", 0o604),
            ] {
                var facts = stat()
                _ = stat(name, &facts)
                chmod(name, mode_t(mode))
                let error = #expect(throws: AgentError.self) { try StateDirectory(opening: path).read() }
                #expect(error?.code == .stateRefused)
                #expect(error?.message.contains("chmod") == true)
                chmod(name, facts.st_mode & 0o777)
            }
            #expect(try StateDirectory(opening: path).read() == Self.state())
        }
    }

    @Test("AGT-4: a file of another user is refused")
    func foreign() throws {
        guard geteuid() == 0 else { return }
        try TemporaryFolder.use { folder in
            let path = folder + "/state"
            try StateDirectory(opening: path).write(Self.state())
            chown(path + "/state.json", 12_345, 12_345)
            let error = #expect(throws: AgentError.self) { try StateDirectory(opening: path).read() }
            #expect(error?.message.contains("belongs to user 12345") == true)
        }
    }

    @Test("AGT-4: a link in the file's place is not followed")
    func link() throws {
        try TemporaryFolder.use { folder in
            let path = folder + "/state"
            try StateDirectory(opening: path).write(Self.state())
            rename(path + "/state.json", folder + "/elsewhere")
            symlink(folder + "/elsewhere", path + "/state.json")
            #expect(throws: AgentError(.stateRefused, "")) { try StateDirectory(opening: path).read() }
        }
    }

    @Test("AGT-4: a write that fails leaves the old state whole, and the left-over of a crash is removed")
    func failedWrite() throws {
        try TemporaryFolder.use { folder in
            let path = folder + "/state"
            do {
                let directory = try StateDirectory(opening: path)
                try directory.write(Self.state())
                mkdir(path + "/state.json.new", 0o700)
                #expect(throws: AgentError(.stateNotWritten, "")) { try directory.write(Self.state(tokens: false)) }
                #expect(try directory.read() == Self.state())
                rmdir(path + "/state.json.new")
            }
            TemporaryFolder.write("{\"half", to: path + "/state.json.new")
            let directory = try StateDirectory(opening: path)
            #expect(access(path + "/state.json.new", F_OK) != 0)
            #expect(try directory.read() == Self.state())
        }
    }

    static let damaged: [(String, String)] = [
        ("empty", ""), ("half", "{\"version\":1,\"server\":\"https"), ("no object", "[]"), ("no version", "{}"),
        ("newer", "{\"version\":2}"), ("text version", "{\"version\":\"1\"}"),
        ("duplicate name", "{\"version\":1,\"version\":1}"), ("nothing else", "{\"version\":1}"),
        ("bytes", "\u{1}\u{2}"),
    ]

    @Test("AGT-4: a damaged state file is refused with a sentence, never guessed", arguments: damaged)
    func damagedFile(_ name: String, _ text: String) throws {
        try TemporaryFolder.use { folder in
            let path = folder + "/state"
            try StateDirectory(opening: path).write(Self.state())
            TemporaryFolder.write(text, to: path + "/state.json")
            let error = #expect(throws: AgentError.self) { try StateDirectory(opening: path).read() }
            #expect(error?.code == .stateRefused, "\(name)")
            #expect(error?.message.isEmpty == false)
        }
    }

    @Test("AGT-4: every single damaged or missing byte is refused or changes a text, and none crashes")
    func everyByte() throws {
        let bytes = Self.state().encoded()
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x41
            _ = try? AgentState(decoding: changed)
            #expect(throws: AgentError.self) { try AgentState(decoding: Array(bytes[..<index])) }
        }
    }

    @Test("a state without a confirmed token is refused: it could hold only a token that was never promoted")
    func onlyUnconfirmed() throws {
        var state = Self.state()
        state.shelf = TokenShelf(confirmed: nil, unconfirmed: TokenShelfTests.token(0))
        #expect(throws: AgentError(.stateRefused, "")) { try AgentState(decoding: state.encoded()) }
    }

    @Test("REV-2: an erased state holds no secret, and says why")
    func erased() throws {
        let text = String(decoding: Self.state().erased(.revoked).encoded(), as: UTF8.self)
        #expect(!text.contains("clv_"))
        #expect(text.contains("\"ended\":\"revoked\""))
        #expect(text.contains("\"private_key\":\"\""))
        #expect(try AgentState(decoding: Array(text.utf8)).end == .revoked)
    }

    @Test("CLI-3: status shows no secret")
    func status() throws {
        try TemporaryFolder.use { folder in
            try StateDirectory(opening: folder + "/state").write(Self.state())
            let status = try AgentStatus(stateDirectory: folder + "/state")
            for text in [status.text, status.json, "\(status)"] {
                #expect(!text.contains("clv_ag_"))
                #expect(!text.contains("BwcH"))
            }
            #expect(status.credential == "enrolled")
            #expect(status.hasUnconfirmedToken)
            #expect(try AgentStatus(stateDirectory: folder + "/none").credential == "none")
        }
    }
}
