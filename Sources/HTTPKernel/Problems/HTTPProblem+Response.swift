package import ClavigerWire
import Domain
package import HTTPTypes
package import Hummingbird
package import NIOCore
import StrictJSON

extension HTTPProblem {
    /// The problem as JSON text (RFC 9457).
    package func body(requestID: EdgeRequestID) -> [UInt8] {
        (try? StrictJSONEncoder().encode(problem(requestID: requestID.text))) ?? Array("{}".utf8)
    }

    /// The problem as it is told, without anything that looks like a token.
    package func problem(requestID: String?) -> ProblemDetails {
        ProblemDetails(
            code: code,
            title: status.reasonPhrase,
            status: status.code,
            detail: SecretRedaction.redact(detail),
            requestID: requestID,
            errors: errors.map(Self.redacted),
            details: details
        )
    }

    /// A fault names fields as they came, and somebody may have put a token in the place of a name.
    private static func redacted(_ fault: FieldProblem) -> FieldProblem {
        FieldProblem(path: SecretRedaction.redact(fault.path), message: SecretRedaction.redact(fault.message))
    }

    /// The answer; the kernel adds what every answer carries.
    package func response(requestID: EdgeRequestID) -> Response {
        var fields = headers
        fields[.contentType] = ProblemDetails.mediaType
        if closesConnection { fields[.connection] = "close" }
        let body = ByteBuffer(bytes: body(requestID: requestID))
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: body))
    }

    /// The answer as a channel handler writes it, where no route was reached.
    ///
    /// It closes the connection.
    package func parts(requestID: EdgeRequestID) -> (head: HTTPResponse, body: ByteBuffer) {
        let body = ByteBuffer(bytes: body(requestID: requestID))
        var fields = headers
        fields[.contentType] = ProblemDetails.mediaType
        fields[.contentLength] = "\(body.readableBytes)"
        fields[.connection] = "close"
        fields[.xRequestID] = requestID.text
        StandardHeaders.add(to: &fields)
        return (HTTPResponse(status: status, headerFields: fields), body)
    }
}
