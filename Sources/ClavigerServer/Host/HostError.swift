import Glibc

/// Why the host does not allow a start: a directory, file, lock or key that is not as it must be.
package struct HostError: Error, Sendable, Equatable, CustomStringConvertible {
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let directory = Code(rawValue: "directory")
        package static let locked = Code(rawValue: "locked")
        package static let file = Code(rawValue: "file")
        package static let masterKey = Code(rawValue: "master_key")
        package static let database = Code(rawValue: "database")
        package static let address = Code(rawValue: "address")
        package static let tls = Code(rawValue: "tls")
        /// The rules refuse what was asked for on the host.
        package static let refused = Code(rawValue: "refused")
    }

    package let code: Code

    /// A sentence for the person who started the server.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    package static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    /// The sentence for a system call that failed just now.
    static func last(_ code: Code, _ sentence: String) -> Self {
        let reason = String(cString: strerror(errno))
        return Self(code, "\(sentence) (\(reason)).")
    }
}
