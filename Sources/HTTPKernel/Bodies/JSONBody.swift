import ClavigerWire
import HTTPTypes
package import Hummingbird
import NIOCore
import StrictJSON

/// Reads the JSON body of a request: media type, length, strictness.
///
/// The time it may take is the connection's business.
package enum JSONBody {
    /// The bytes and the value of a body, the former for the fingerprint of an idempotent request.
    package struct Received<Value: Sendable>: Sendable {
        package let bytes: [UInt8]
        package let value: Value
    }

    /// Reads and decodes a body that must be there.
    package static func read<Value: Decodable & Sendable>(
        _ type: Value.Type,
        from request: Request,
        limits: EdgeLimits
    ) async throws(HTTPProblem) -> Received<Value> {
        try checkMediaType(request.headers)
        let bytes = try await collect(request, limits: limits)
        return Received(bytes: bytes, value: try decode(type, from: bytes))
    }

    /// Reads a body that may be absent, which then counts as `{}`.
    package static func readOptional<Value: Decodable & Sendable>(
        _ type: Value.Type,
        from request: Request,
        limits: EdgeLimits
    ) async throws(HTTPProblem) -> Received<Value> {
        let bytes = try await collect(request, limits: limits)
        if bytes.isEmpty { return Received(bytes: [], value: try decode(type, from: Array("{}".utf8))) }
        try checkMediaType(request.headers)
        return Received(bytes: bytes, value: try decode(type, from: bytes))
    }

    /// The bytes of a body that must be there, for routes that read it themselves.
    package static func bytes(from request: Request, limits: EdgeLimits) async throws(HTTPProblem) -> [UInt8] {
        try checkMediaType(request.headers)
        return try await collect(request, limits: limits)
    }

    /// 415 unless it is `application/json`, with `charset=utf-8` at most.
    static func checkMediaType(_ fields: HTTPFields) throws(HTTPProblem) {
        let type = fields.combined(.contentType) ?? ""
        if type == "application/json" { return }
        let parts = type.lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
        guard parts.first == "application/json", parts.count == 1 || parts[1...] == ["charset=utf-8"] else {
            throw HTTPProblem(
                .unsupportedMediaType,
                .unsupportedMediaType,
                "Send Content-Type: application/json.",
                closesConnection: true
            )
        }
    }

    static func collect(_ request: Request, limits: EdgeLimits) async throws(HTTPProblem) -> [UInt8] {
        if let length = request.headers.combined(.contentLength).flatMap({ Int($0) }), length > limits.bodyBytes {
            throw .bodyTooLarge(limits.bodyBytes)
        }
        var bytes: [UInt8] = []
        do {
            for try await part in request.body {
                guard bytes.count + part.readableBytes <= limits.bodyBytes else { throw tooLarge }
                bytes.append(contentsOf: part.readableBytesView)
            }
        } catch is BodyTooLarge {
            throw .bodyTooLarge(limits.bodyBytes)
        } catch {
            throw HTTPProblem(
                .badRequest,
                .invalidRequest,
                "The body broke off before its end.",
                closesConnection: true
            )
        }
        return bytes
    }

    private struct BodyTooLarge: Error {}
    private static let tooLarge = BodyTooLarge()

    /// Decodes; a text that is no JSON answers 400, one that says the wrong thing 422 with the field.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(HTTPProblem) -> Value {
        do {
            return try StrictJSONDecoder().decode(type, from: bytes)
        } catch {
            throw HTTPProblem(error)
        }
    }
}
