import ControlPlane
import Crypto
import Domain
import Synchronization
import Testing

/// A machine with a key pair of its own.
struct TestMachine: Sendable {
    let key = Curve25519.Signing.PrivateKey()
    let enrolmentID: String
    let hostname: String

    init(hostname: String = "host-a") {
        self.hostname = hostname
        enrolmentID =
            key.publicKey.rawRepresentation.prefix(12).map { String($0, radix: 36) }.joined(separator: ".")
            + "-enrolment"
    }

    func enrolment(_ installToken: String) -> EnrolmentRequest {
        EnrolmentRequest(
            installToken: installToken,
            enrolmentID: enrolmentID,
            publicKey: Array(key.publicKey.rawRepresentation),
            statement: AgentStatement(hostname: hostname)
        )
    }
}

/// A connection that only remembers.
final class FakeConnection: AgentConnection {
    private struct State {
        var rotations: [RotateCommand] = []
        var modes: [ChannelMode] = []
        var closed: ChannelCloseReason?
    }

    private let state = Mutex(State())

    func send(_ command: ChannelCommand) {
        state.withLock { state in
            switch command {
            case .rotate(let command): state.rotations.append(command)
            case .mode(let mode): state.modes.append(mode)
            }
        }
    }

    func close(_ reason: ChannelCloseReason) { state.withLock { $0.closed = $0.closed ?? reason } }

    var rotations: [RotateCommand] { state.withLock { $0.rotations } }
    var modes: [ChannelMode] { state.withLock { $0.modes } }
    var closed: ChannelCloseReason? { state.withLock { $0.closed } }
}

/// One open channel of a test.
struct TestChannel: Sendable {
    let session: ChannelSession
    let connection: FakeConnection
    let result: HelloResult
}

/// A daemon driven by hand.
final class TestAgent: Sendable {
    let room: ControlRoom
    let machine: TestMachine
    let id: AgentID
    let credentialID: CredentialID
    private let tokenBox: Mutex<Token>
    private let channelBox = Mutex<TestChannel?>(nil)

    init(room: ControlRoom, machine: TestMachine, enrolled: EnrolmentGrant) {
        self.room = room
        self.machine = machine
        id = enrolled.agentID
        credentialID = enrolled.credentialID
        tokenBox = Mutex(enrolled.token)
    }

    /// The same agent at another node.
    init(room: ControlRoom, moved other: TestAgent) {
        self.room = room
        machine = other.machine
        id = other.id
        credentialID = other.credentialID
        tokenBox = Mutex(other.token)
    }

    /// The newest token the agent has stored and proven.
    var token: Token {
        get { tokenBox.withLock { $0 } }
        set { tokenBox.withLock { $0 = newValue } }
    }

    var channel: TestChannel? { channelBox.withLock { $0 } }

    /// Opens a channel with a token, the agent's own unless said otherwise.
    @discardableResult
    func connect(
        with token: Token? = nil,
        key: Curve25519.Signing.PrivateKey? = nil,
        superseded: Bool = false,
        address: String = "198.51.100.7"
    ) async throws -> TestChannel {
        let token = token ?? self.token
        let ticket = try await room.channels.admit(token: token.revealed(), address: address, requestID: "req_open")
        let nonce = [UInt8](repeating: 3, count: 32)
        let message =
            Array("claviger-channel-v1".utf8) + nonce + Array(ticket.credentialID.text.utf8)
            + Array(SHA256.hash(data: Array(token.revealed().utf8)))
        let hello = ChannelHello(
            challenge: message,
            signature: Array(try (key ?? machine.key).signature(for: message)),
            statement: AgentStatement(hostname: machine.hostname),
            superseded: superseded
        )
        let connection = FakeConnection()
        let (session, result) = try await room.channels.open(ticket, hello: hello, connection: connection)
        room.channels.opened(session)
        let channel = TestChannel(session: session, connection: connection, result: result)
        channelBox.withLock { $0 = channel }
        await room.dispatcher.issueWaiting()
        return channel
    }

    func disconnect() {
        if let channel { room.channels.closed(channel.session) }
        channelBox.withLock { $0 = nil }
    }

    /// The latest token that was sent on the open channel.
    func received() throws -> RotateCommand {
        let channel = try #require(channel)
        return try #require(channel.connection.rotations.last)
    }

    /// Answers that the latest token is stored.
    func answerStored() async throws {
        let command = try received()
        await room.channels.rotationAnswered(
            try #require(channel).session,
            rotationID: command.rotationID,
            attempt: command.attempt,
            answer: .stored
        )
    }

    func answerError(_ error: String) async throws {
        let command = try received()
        await room.channels.rotationAnswered(
            try #require(channel).session,
            rotationID: command.rotationID,
            attempt: command.attempt,
            answer: .error(error)
        )
    }

    /// Proves a token, the latest one that was sent unless said otherwise.
    @discardableResult
    func prove(_ token: Token? = nil) async throws -> Int64 {
        let token = try token ?? received().newToken
        let generation = try await room.channels.authenticate(try #require(channel).session, token: token.revealed())
        self.token = token
        return generation
    }

    /// Asks for a rotation without waiting.
    @discardableResult
    func requestRotation(
        _ mode: RotationMode = .graceful,
        requireConnected: Bool = false,
        isConfirmed: Bool = true
    ) async throws -> RotationReceipt {
        let receipt = try await room.rotations.rotate(
            id,
            request: RotationRequest(
                mode: mode,
                waitSeconds: 0,
                requireConnected: requireConnected,
                isConfirmed: isConfirmed
            ),
            caller: room.owner
        )
        await room.dispatcher.issueWaiting()
        return receipt
    }

    /// A whole rotation, from request to promotion.
    func rotate(_ mode: RotationMode = .graceful) async throws {
        try await requestRotation(mode)
        try await answerStored()
        try await prove()
    }
}

/// The code of the error that a call throws.
func refusal(_ body: () async throws -> Void) async -> ControlPlaneError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? ControlPlaneError)?.code
    }
}
