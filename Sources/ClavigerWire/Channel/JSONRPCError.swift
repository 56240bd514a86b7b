public import StrictJSON

/// The `error` member of a JSON-RPC 2.0 answer.
public struct JSONRPCError: Error, Codable, Sendable, Equatable {
    /// The number of the fault; -32768 to -32000 are those of the specification.
    public var code: Int
    /// A sentence.
    public var message: String
    /// More, by code; for the server's own errors `{"code": "<ErrorCode>"}`.
    public var data: JSONValue?

    /// Makes an error.
    public init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The frame is no JSON text.
    public static let parseError = -32_700
    /// The frame is JSON, but no JSON-RPC 2.0 message of this protocol.
    public static let invalidRequest = -32_600
    /// There is no such method, or not in this direction.
    public static let methodNotFound = -32_601
    /// The params do not fit the method.
    public static let invalidParams = -32_602
    /// The peer made a mistake.
    public static let internalError = -32_603
    /// The operation was refused; `data.code` holds an ``ErrorCode``.
    public static let refused = -32_000
}
