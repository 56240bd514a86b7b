import AsyncHTTPClient
import ClavigerWire
import NIOCore
import NIOHTTP1
import NIOSSL
import StrictJSON

/// What is sent: everything of a request but the server and the credential.
struct Call {
    enum Method: String {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    var method: Method
    var path: String
    var query: [(name: String, value: String?)] = []
    var body: [UInt8]?
    var contentType = "application/json"
    var idempotencyKey: String?
    /// Seconds that the server itself may wait, on top of the usual time-out.
    var extraSeconds: Int64 = 0

    init(_ method: Method, _ path: String) {
        self.method = method
        self.path = path
    }

    init(_ method: Method, _ path: String, body: some Encodable) throws(ClavigerClientError) {
        self.init(method, path)
        do {
            self.body = try StrictJSONEncoder().encode(body)
        } catch {
            throw ClavigerClientError(.invalidRequest, "\(error.path): \(error.message)", cause: error)
        }
    }

    /// A form, of the fields that have a value.
    init(_ method: Method, _ path: String, form: [(name: String, value: String?)]) {
        self.init(method, path)
        body = Array(Self.encoded(form).utf8)
        contentType = "application/x-www-form-urlencoded"
    }

    /// The path with the query parameters that have a value.
    var target: String {
        let text = Self.encoded(query)
        return text.isEmpty ? path : path + "?" + text
    }

    private static func encoded(_ pairs: [(name: String, value: String?)]) -> String {
        let parts = pairs.compactMap { pair in
            pair.value.map { "\(APIPath.encoded(pair.name))=\(APIPath.encoded($0))" }
        }
        return parts.joined(separator: "&")
    }
}

extension ClavigerClient {
    /// Sends a call and reads its answer.
    func send<Answer: Decodable>(
        _ call: Call,
        as type: Answer.Type = Answer.self
    ) async throws(ClavigerClientError)
        -> Answer
    {
        let bytes = try await answer(call)
        do {
            return try decoder.decode(type, from: bytes)
        } catch {
            throw ClavigerClientError(
                .invalidResponse,
                "The server's answer has an unexpected form at “\(error.path)”.",
                cause: error
            )
        }
    }

    /// Sends a call whose answer says nothing but that it was done.
    func send(_ call: Call) async throws(ClavigerClientError) {
        _ = try await answer(call)
    }

    private var decoder: StrictJSONDecoder {
        StrictJSONDecoder(
            unknownFields: .ignore,
            limits: JSONLimits(maximumBytes: configuration.maximumResponseBytes)
        )
    }

    /// The body of a successful answer.
    private func answer(_ call: Call) async throws(ClavigerClientError) -> [UInt8] {
        let status: Int
        let bytes: [UInt8]
        do {
            let timeout = TimeAmount.seconds(configuration.timeoutSeconds + call.extraSeconds)
            let response = try await http.execute(request(call), timeout: timeout)
            status = Int(response.status.code)
            let body = try await response.body.collect(upTo: configuration.maximumResponseBytes)
            bytes = Array(body.readableBytesView)
        } catch {
            throw Self.failure(error)
        }
        guard (200..<300).contains(status) else { throw refusal(status: status, bytes: bytes) }
        return bytes
    }

    private func request(_ call: Call) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base.text + call.target)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        request.headers.add(name: "Accept", value: "application/json, application/problem+json")
        request.headers.add(name: "User-Agent", value: configuration.userAgent)
        request.headers.add(name: HeaderName.surface, value: configuration.surface)
        if let organization = configuration.organization {
            request.headers.add(name: HeaderName.organization, value: organization)
        }
        if let workspace = configuration.workspace {
            request.headers.add(name: HeaderName.workspace, value: workspace)
        }
        if let token = configuration.token {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        if let key = call.idempotencyKey {
            request.headers.add(name: HeaderName.idempotencyKey, value: key)
        }
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: call.contentType)
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        return request
    }

    /// What the server said; an answer without problem details is told by its status alone.
    private func refusal(status: Int, bytes: [UInt8]) -> ClavigerClientError {
        guard let problem = try? decoder.decode(ProblemDetails.self, from: bytes) else {
            return ClavigerClientError(
                .invalidResponse,
                "The server answered with status \(status) and no problem details."
            )
        }
        return ClavigerClientError(.refused, problem.detail ?? problem.title, problem: problem)
    }

    private static func failure(_ error: any Error) -> ClavigerClientError {
        switch error {
        case is NIOTooManyBytesError:
            ClavigerClientError(.responseTooLarge, "The server's answer is too long.", cause: error)
        case let error as HTTPClientError
        where [.connectTimeout, .readTimeout, .deadlineExceeded, .tlsHandshakeTimeout].contains(error):
            ClavigerClientError(.timedOut, "The server did not answer in time.", cause: error)
        case is NIOSSLError, is NIOSSLExtraError:
            ClavigerClientError(
                .untrustedServer,
                "TLS failed: the server's certificate is none that this machine trusts for its name, or it speaks no TLS.",
                cause: error
            )
        case is CancellationError:
            ClavigerClientError(.connectionFailed, "The call was cancelled.", cause: error)
        default:
            ClavigerClientError(.connectionFailed, "The server can not be reached.", cause: error)
        }
    }
}
