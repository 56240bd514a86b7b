public import StrictJSON

/// A frame that is no message of this protocol, with what to answer.
public struct JSONRPCFault: Error, Sendable, Equatable {
    /// The id to answer with: that of the frame, if it has a usable one.
    public let id: String?
    /// What is wrong.
    public let error: JSONRPCError

    /// The frame to answer with.
    public var answer: JSONRPCMessage { .failure(id: id, error: error) }
}

extension JSONRPCMessage {
    /// The longest id and method name in bytes.
    public static let maximumNameBytes = 128

    /// Reads one text frame.
    ///
    /// Batches, numbers as ids and params that are not an object are refused; members that JSON-RPC does not name are
    /// ignored. A request without params has the empty object.
    ///
    /// - Throws: the fault with the code to answer: -32700 for what is no JSON text, -32600 for what is no message,
    ///   -32602 for params that are not an object.
    public init(
        reading frame: [UInt8],
        maximumBytes: Int = ChannelProtocol.maximumFrameBytes
    ) throws(JSONRPCFault) {
        let limits = JSONLimits(maximumBytes: maximumBytes, maximumDepth: ChannelProtocol.maximumDepth)
        let root: JSONView
        do {
            root = try JSONDocument(parsing: frame, limits: limits).root
        } catch {
            throw JSONRPCFault(id: nil, error: JSONRPCError(code: JSONRPCError.parseError, message: error.message))
        }
        guard root.isObject else {
            throw .invalid(nil, root.isArray ? "Batches are not accepted." : "The frame must be an object.")
        }
        let id = try Self.id(of: root)
        guard root["jsonrpc"]?.string == "2.0" else { throw .invalid(id, "“jsonrpc” must be \"2.0\".") }
        self = try root["method"] == nil ? Self.answer(root, id: id) : Self.call(root, id: id)
    }

    private static func id(of root: JSONView) throws(JSONRPCFault) -> String? {
        guard let member = root["id"], !member.isNull else { return nil }
        guard let id = member.string, (1...maximumNameBytes).contains(id.utf8.count) else {
            throw .invalid(nil, "“id” must be a string of 1 to \(maximumNameBytes) bytes.")
        }
        return id
    }

    private static func call(_ root: JSONView, id: String?) throws(JSONRPCFault) -> Self {
        guard let method = root["method"]?.string, (1...maximumNameBytes).contains(method.utf8.count) else {
            throw .invalid(id, "“method” must be a string of 1 to \(maximumNameBytes) bytes.")
        }
        guard root["result"] == nil, root["error"] == nil else {
            throw .invalid(id, "A message has “method”, or “result”, or “error”, not two of them.")
        }
        let params = root["params"]
        guard params?.isObject ?? true else {
            throw JSONRPCFault(
                id: id,
                error: JSONRPCError(code: JSONRPCError.invalidParams, message: "“params” must be an object.")
            )
        }
        let value = params?.value ?? [:]
        if let id { return .request(id: id, method: method, params: value) }
        guard root["id"] == nil else { throw .invalid(nil, "“id” must be a string.") }
        return .notification(method: method, params: value)
    }

    private static func answer(_ root: JSONView, id: String?) throws(JSONRPCFault) -> Self {
        switch (root["result"], root["error"]) {
        case (let result?, nil):
            guard let id else { throw .invalid(nil, "An answer must have the id of its request.") }
            return .response(id: id, result: result.value)
        case (nil, let error?):
            guard let code = error["code"]?.integer, let message = error["message"]?.string else {
                throw .invalid(id, "“error” must have a code and a message.")
            }
            let number = Int(clamping: code)
            return .failure(id: id, error: JSONRPCError(code: number, message: message, data: error["data"]?.value))
        default:
            throw .invalid(id, "A message must have exactly one of “method”, “result” and “error”.")
        }
    }
}

extension JSONRPCFault {
    fileprivate static func invalid(_ id: String?, _ message: String) -> JSONRPCFault {
        JSONRPCFault(id: id, error: JSONRPCError(code: JSONRPCError.invalidRequest, message: message))
    }
}

extension JSONValue {
    /// Reads typed params or a typed result; unknown fields are ignored (DST-7).
    ///
    /// - Throws: the error -32602 to answer with, naming the faulty field.
    public func decoded<T: Decodable>(as type: T.Type) throws(JSONRPCError) -> T {
        do {
            return try StrictJSONDecoder(unknownFields: .ignore).decode(type, from: self)
        } catch {
            throw JSONRPCError(code: JSONRPCError.invalidParams, message: "\(error.path): \(error.message)")
        }
    }
}
