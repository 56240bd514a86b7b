import ClavigerWire
import StrictJSON

/// Everything an agent keeps between starts.
package struct AgentState: Sendable, Equatable {
    /// Address of the server; the only origin that may say `RevokedToken`.
    package var server: String
    /// Binds the install token to this machine (AGT-5).
    package var enrolmentID: String
    /// Raw Ed25519 private key; empty once erased.
    package var privateKey: SecretBytes
    package var agentID: String?
    package var credentialID: String?
    package var shelf: TokenShelf
    /// Set when the credential came to its end and all secrets were erased.
    package var end: AgentEnd?

    package init(server: String, enrolmentID: String, privateKey: SecretBytes) {
        self.server = server
        self.enrolmentID = enrolmentID
        self.privateKey = privateKey
        shelf = TokenShelf(confirmed: nil)
    }

    /// Whether an agent token is held.
    package var isEnrolled: Bool { end == nil && !shelf.isEmpty }

    /// The same state without a secret, after the credential's end.
    package func erased(_ end: AgentEnd) -> AgentState {
        var state = self
        state.privateKey = SecretBytes([])
        state.enrolmentID = ""
        state.shelf = TokenShelf(confirmed: nil)
        state.end = end
        return state
    }
}

/// Bytes that must not be printed.
package struct SecretBytes: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The content.
    package func revealed() -> [UInt8] { bytes }

    package var isEmpty: Bool { bytes.isEmpty }
    package var description: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension AgentState {
    /// The form that this version writes and reads.
    static let formVersion: Int64 = 1

    /// The state as JSON.
    package func encoded() -> [UInt8] {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        func token(_ token: StoredToken?) -> JSONValue {
            guard let token else { return .null }
            return [
                "token": .string(token.text.revealed()),
                "rotation_id": text(token.rotationID),
                "expires_at": text(token.expiresAt),
            ]
        }
        let value: JSONValue = [
            "version": .integer(Self.formVersion),
            "server": .string(server),
            "enrolment_id": .string(enrolmentID),
            "private_key": .string(Base64URL.encode(privateKey.revealed())),
            "agent_id": text(agentID),
            "credential_id": text(credentialID),
            "ended": text(end?.rawValue),
            "confirmed": token(shelf.confirmed),
            "unconfirmed": token(shelf.unconfirmed),
            "superseded": token(shelf.superseded),
        ]
        return value.bytes
    }

    /// Reads a state file; anything unexpected is refused rather than guessed.
    package init(decoding bytes: [UInt8]) throws(AgentError) {
        let root: JSONView
        do {
            root = try JSONDocument(parsing: bytes).root
        } catch {
            throw Self.damaged("is not JSON", cause: error)
        }
        guard let version = root["version"]?.integer else { throw Self.damaged("has no version") }
        guard version == Self.formVersion else {
            throw AgentError(.stateRefused, "The state file was written by a newer claviger-agent (form \(version)).")
        }
        guard let server = root["server"]?.string, let enrolment = root["enrolment_id"]?.string,
            let key = root["private_key"]?.string.flatMap(Base64URL.decode)
        else { throw Self.damaged("lacks the server, the enrolment id or the key") }
        end = try Self.optionalText(root, "ended").map { word throws(AgentError) in
            guard let end = AgentEnd(rawValue: word) else { throw Self.damaged("holds an unknown end") }
            return end
        }
        guard end != nil || key.count == 32 else { throw Self.damaged("holds a key of a wrong size") }
        self.server = server
        enrolmentID = enrolment
        privateKey = SecretBytes(key)
        agentID = try Self.optionalText(root, "agent_id")
        credentialID = try Self.optionalText(root, "credential_id")
        shelf = TokenShelf(
            confirmed: try Self.token(root, "confirmed"),
            unconfirmed: try Self.token(root, "unconfirmed"),
            superseded: try Self.token(root, "superseded")
        )
        guard shelf.isEmpty || shelf.confirmed != nil else {
            throw Self.damaged("holds a token that was never confirmed, and no other")
        }
        guard shelf.isEmpty || credentialID != nil else { throw Self.damaged("holds tokens of no credential") }
    }

    private static func optionalText(_ root: JSONView, _ name: String) throws(AgentError) -> String? {
        guard let value = root[name], !value.isNull else { return nil }
        guard let text = value.string else { throw damaged("holds a bad \(name)") }
        return text
    }

    private static func token(_ root: JSONView, _ name: String) throws(AgentError) -> StoredToken? {
        guard let value = root[name], !value.isNull else { return nil }
        guard let text = value["token"]?.string, StoredToken.hasShape(text) else {
            throw damaged("holds a bad \(name) token")
        }
        return StoredToken(
            text: SecretText(text),
            rotationID: try optionalText(value, "rotation_id"),
            expiresAt: try optionalText(value, "expires_at")
        )
    }

    private static func damaged(_ what: String, cause: (any Error)? = nil) -> AgentError {
        AgentError(.stateRefused, "The state file is damaged: it \(what).", cause: cause)
    }
}
