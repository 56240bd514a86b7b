import Transport

/// What stops an agent, with a sentence for the person who reads it and an exit status for the supervisor.
public struct AgentError: Error, Equatable, CustomStringConvertible {
    /// The kinds of fault.
    public struct Code: Sendable, Hashable {
        /// The kind's name, as it is logged.
        public let name: String
        /// The exit status of `claviger-agent`.
        public let exitStatus: Int32

        /// The credential was revoked; tokens and key are erased.
        public static let revoked = Code(name: "revoked", exitStatus: 10)
        /// The agent was deleted; tokens and key are erased.
        public static let deleted = Code(name: "deleted", exitStatus: 11)
        /// The agent was reset; tokens and key are erased and a new install token is needed.
        public static let reset = Code(name: "reset", exitStatus: 12)
        /// There is no credential and no install token.
        public static let notEnrolled = Code(name: "not-enrolled", exitStatus: 13)
        /// The server refused the install token.
        public static let enrolmentRefused = Code(name: "enrolment-refused", exitStatus: 14)
        /// The state directory can't be trusted or read.
        public static let stateRefused = Code(name: "state-refused", exitStatus: 15)
        /// Another process uses the state directory.
        public static let stateLocked = Code(name: "state-locked", exitStatus: 16)
        /// The state could not be written; what was there before is intact.
        public static let stateNotWritten = Code(name: "state-not-written", exitStatus: 17)
        /// A setting is wrong.
        public static let badSetting = Code(name: "bad-setting", exitStatus: 18)
        /// The server could not be reached within the time allowed.
        public static let unreachable = Code(name: "unreachable", exitStatus: 19)
    }

    public let code: Code
    /// One sentence for a person.
    ///
    /// Never holds a secret.
    public let message: String
    /// What lies below, for the log.
    public let cause: String?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause.map { String(describing: $0) }
    }

    public var description: String { cause.map { "\(message) (\($0))" } ?? message }

    /// Equal if they are of one kind.
    public static func == (left: AgentError, right: AgentError) -> Bool { left.code == right.code }
}

extension AgentError {
    /// An error of the network, told once.
    init(_ code: Code, _ fault: TransportError) {
        self.code = code
        message = fault.message
        cause = fault.cause
    }

    /// The error that tells of a credential's end.
    package init(end: AgentEnd) {
        self =
            switch end {
            case .revoked: AgentError(.revoked, "This agent was revoked. Its tokens are erased.")
            case .deleted: AgentError(.deleted, "This agent was deleted. Its tokens are erased.")
            case .reset: AgentError(.reset, "This agent was reset. Enrol it again with its new install token.")
            }
    }
}
