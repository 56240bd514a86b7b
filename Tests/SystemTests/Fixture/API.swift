import Foundation
import FoundationNetworking

/// An HTTP answer.
struct Reply: Sendable {
    let status: Int
    let body: JSON
    let text: String
    let headers: [String: String]

    var code: String? { body["code"].text }

    /// The body of an answer that must have this status.
    func expecting(_ statuses: Int...) throws -> JSON {
        guard statuses.contains(status) else { throw Failure("HTTP \(status) instead of \(statuses): \(text)") }
        return body
    }
}

/// Calls the REST interface as any client would, with an optional bearer token.
struct API: Sendable {
    let url: String
    let token: String?

    func get(_ path: String) async throws -> Reply { try await call("GET", path) }

    func post(
        _ path: String,
        _ body: [String: any Sendable] = [:],
        headers: [String: String] = [:]
    ) async throws -> Reply {
        try await call("POST", path, body: body, headers: headers)
    }

    func patch(_ path: String, _ body: [String: any Sendable]) async throws -> Reply {
        try await call("PATCH", path, body: body)
    }

    func delete(_ path: String) async throws -> Reply { try await call("DELETE", path) }

    /// `form` is sent as a form instead of a JSON body.
    func call(
        _ method: String,
        _ path: String,
        body: [String: any Sendable]? = nil,
        form: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Reply {
        guard let address = URL(string: url + path) else { throw Failure("not a URL: \(url + path)") }
        var request = URLRequest(url: address, timeoutInterval: 60)
        request.httpMethod = method
        if let token { request.setValue("Bearer " + token, forHTTPHeaderField: "Authorization") }
        if let body {
            request.httpBody = try JSONSerialization.data(withJSONObject: body)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        if let form {
            request.httpBody = Data(form.utf8)
            request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        // In a task of its own: cancelling a URLSession's transfer while it ends can lock both up for ever.
        let prepared = request
        let (data, response) = try await Task { try await session.data(for: prepared) }.value
        guard let answer = response as? HTTPURLResponse else { throw Failure("no HTTP answer from \(path)") }
        let fields = answer.allHeaderFields.reduce(into: [String: String]()) { fields, field in
            fields["\(field.key)".lowercased()] = "\(field.value)"
        }
        return Reply(
            status: answer.statusCode,
            body: JSON(data),
            text: String(decoding: data, as: UTF8.self),
            headers: fields
        )
    }
}
