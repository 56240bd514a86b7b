public import ClavigerWire

/// Why a call failed; two errors are equal if code and problem code are.
public struct ClavigerClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code as text.
        public let description: String

        private init(_ description: String) {
            self.description = description
        }

        /// The configuration can not be used.
        public static let invalidConfiguration = Code("invalid_configuration")
        /// Plain `http` to an address that is not loopback, and it was not allowed.
        public static let plainHTTPRefused = Code("plain_http_refused")
        /// The request could not be written as JSON.
        public static let invalidRequest = Code("invalid_request")
        /// There is no connection, or it broke.
        public static let connectionFailed = Code("connection_failed")
        /// TLS failed: the certificate is of an unknown authority or for another name, or the server speaks no TLS.
        public static let untrustedServer = Code("untrusted_server")
        /// The call took too long; whether the server did it is not known.
        public static let timedOut = Code("timed_out")
        /// The answer is longer than the limit.
        public static let responseTooLarge = Code("response_too_large")
        /// The answer is not what this route answers.
        public static let invalidResponse = Code("invalid_response")
        /// The server refused; ``ClavigerClientError/problem`` says why.
        public static let refused = Code("refused")
    }

    /// What kind of failure it is.
    public let code: Code
    /// A sentence without secrets.
    public let message: String
    /// What the server said, for `refused`.
    public let problem: ProblemDetails?
    /// What was behind it.
    public let cause: (any Error)?

    /// Code and sentence.
    public var description: String { "\(problem?.code.rawValue ?? code.description): \(message)" }

    init(_ code: Code, _ message: String, problem: ProblemDetails? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.problem = problem
        self.cause = cause
    }

    /// Equal if code and problem code are.
    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.problem?.code == right.problem?.code
    }
}
