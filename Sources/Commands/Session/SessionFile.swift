import ClavigerServer
import Glibc
import StrictJSON

/// The session of the person at this machine: `~/.config/claviger/session.json`, readable by them alone.
package struct SessionFile: Sendable {
    /// What is kept between two commands.
    package struct Session: Sendable, Equatable, Codable {
        package let server: String
        package let token: String
        package let email: String
        package let expiresAt: String
        /// Where commands act; absent for the oldest membership and its oldest workspace.
        package var organization: String?
        package var workspace: String?

        package init(
            server: String,
            token: String,
            email: String,
            expiresAt: String,
            organization: String? = nil,
            workspace: String? = nil
        ) {
            self.server = server
            self.token = token
            self.email = email
            self.expiresAt = expiresAt
            self.organization = organization
            self.workspace = workspace
        }

        private enum CodingKeys: String, CodingKey {
            case server
            case token
            case email
            case expiresAt = "expires_at"
            case organization
            case workspace
        }
    }

    package let directory: String

    package var path: String { directory + "/session.json" }

    /// The file's place for an environment: below `XDG_CONFIG_HOME`, or `~/.config`.
    package init(environment: [String: String]) throws(CommandFailure) {
        if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
            directory = base + "/claviger"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            directory = home + "/.config/claviger"
        } else {
            throw CommandFailure(
                .failed,
                "neither HOME nor XDG_CONFIG_HOME is set, so there is no place for the session."
            )
        }
    }

    /// The kept session; nil if there is none.
    ///
    /// A file that others can read is refused: its token may be known to them.
    package func read() throws(CommandFailure) -> Session? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure(
                .notSignedIn,
                "the session file \(path) can be read by others; sign in again with `claviger login` after deleting it."
            )
        }
        do {
            guard let text = try PrivateFile.read(path) else { return nil }
            return try StrictJSONDecoder(unknownFields: .ignore).decode(Session.self, from: text)
        } catch {
            throw CommandFailure(
                .notSignedIn,
                "the session file \(path) can't be used; sign in again with `claviger login`."
            )
        }
    }

    package func write(_ session: Session) throws(CommandFailure) {
        do {
            let directory = try DataDirectory(making: directory)
            try PrivateFile.write(StrictJSONEncoder().text(session) + "\n", to: directory.path + "/session.json")
        } catch {
            throw CommandFailure(.failed, "the session can't be kept: \(error)")
        }
    }

    package func remove() {
        PrivateFile.remove(path)
    }
}
