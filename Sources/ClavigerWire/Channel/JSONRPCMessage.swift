public import StrictJSON

/// One frame of the agent channel: a JSON-RPC 2.0 message whose id is a string and whose params are an object.
public enum JSONRPCMessage: Sendable, Equatable {
    /// Wants an answer with the same id.
    case request(id: String, method: String, params: JSONValue)
    /// Wants no answer.
    case notification(method: String, params: JSONValue)
    /// The answer to a request.
    case response(id: String, result: JSONValue)
    /// The refusal of a request; without id if the frame it answers could not be read.
    case failure(id: String?, error: JSONRPCError)

    /// The frame as JSON text in UTF-8.
    public var bytes: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        switch self {
        case .request(let id, let method, let params):
            writer.name("id")
            writer.string(id)
            writer.write(method: method, params: params)
        case .notification(let method, let params):
            writer.write(method: method, params: params)
        case .response(let id, let result):
            writer.name("id")
            writer.string(id)
            writer.name("result")
            writer.value(result)
        case .failure(let id, let error):
            writer.name("id")
            if let id { writer.string(id) } else { writer.null() }
            writer.write(error)
        }
        writer.endObject()
        return writer.bytes
    }

    /// The frame as JSON text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONRPCMessage {
    /// A request with typed params.
    public static func request(id: String, method: String, _ params: some Encodable) throws(JSONError) -> Self {
        .request(id: id, method: method, params: try StrictJSONEncoder().value(params))
    }

    /// A notification with typed params.
    public static func notification(method: String, _ params: some Encodable) throws(JSONError) -> Self {
        .notification(method: method, params: try StrictJSONEncoder().value(params))
    }

    /// An answer with a typed result.
    public static func response(id: String, _ result: some Encodable) throws(JSONError) -> Self {
        .response(id: id, result: try StrictJSONEncoder().value(result))
    }
}

extension JSONWriter {
    fileprivate mutating func write(method: String, params: JSONValue) {
        name("method")
        string(method)
        name("params")
        value(params)
    }

    fileprivate mutating func write(_ error: JSONRPCError) {
        name("error")
        beginObject()
        name("code")
        integer(Int64(error.code))
        name("message")
        string(error.message)
        if let data = error.data {
            name("data")
            value(data)
        }
        endObject()
    }
}
