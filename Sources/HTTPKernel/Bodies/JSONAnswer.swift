package import HTTPTypes
package import Hummingbird
import NIOCore
import StrictJSON

/// Answers with JSON.
package enum JSONAnswer {
    /// An answer whose body is the encoded value.
    package static func make(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        make(bytes: try StrictJSONEncoder().encode(value), status: status)
    }

    /// An answer whose body is JSON text already.
    package static func make(bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    /// 204.
    package static let empty = Response(status: .noContent)
}
