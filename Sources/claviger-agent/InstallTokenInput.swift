import ClavigerAgent

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Reads an install token from where it may stand: a file or standard input, never an argument.
enum InstallTokenInput {
    private static let limit = 4_096

    static func read(file path: String) throws -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw AgentError(.badSetting, "The install token's file can't be read.") }
        defer { close(file) }
        return try read(file)
    }

    /// The first line of standard input.
    static func readStandardInput() throws -> String {
        if isatty(STDIN_FILENO) == 1 {
            let question = "Install token: "
            _ = question.withCString { write(STDERR_FILENO, $0, question.utf8.count) }
        }
        return try read(STDIN_FILENO)
    }

    private static func read(_ file: Int32) throws -> String {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 512)
        while bytes.count <= limit, !bytes.contains(UInt8(ascii: "\n")) {
            let count = block.withUnsafeMutableBytes { systemRead(file, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += block[..<count]
        }
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let token = trimmed(line)
        guard !token.isEmpty, bytes.count <= limit else {
            throw AgentError(.badSetting, "No install token was given.")
        }
        return token
    }

    static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

/// `read(2)`, by a name that methods called `read` do not hide.
private func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(file, buffer.baseAddress, buffer.count)
}
