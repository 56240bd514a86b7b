import StrictJSON
import Testing

/// Somebody who belongs to an organization of a server under test.
struct Person: Sendable {
    /// Their membership in the organization.
    let memberID: String
    let email: String
    let token: String
}

extension EdgeServer {
    static let newPassword = "staple horse battery"

    /// Another organization with an owner of its own, made by a server administrator.
    func organization(
        _ name: String,
        owner email: String,
        by administrator: String
    ) async throws -> (id: String, owner: Person) {
        let body = #"{"name":"\#(name)","owner_email":"\#(email)"}"#
        let made = try await call("POST", "/api/v1/organizations", token: administrator, body: body)
        #expect(made.status == 201, "\(made.text)")
        let secret = try #require(made.json["invitation_token"]?.stringValue)
        let member = try #require(made.json["invitation"]?["member_id"]?.stringValue)
        let id = try #require(made.json["organization"]?["id"]?.stringValue)
        return (id, Person(memberID: member, email: email, token: try await accept(secret)))
    }

    /// An invitation's secret and membership.
    func invite(
        _ email: String,
        _ role: String = "member",
        in workspaces: [(id: String, role: String)] = [],
        by inviter: String
    ) async throws -> (secret: String, memberID: String) {
        let places = workspaces.map { #"{"id":"\#($0.id)","role":"\#($0.role)"}"# }.joined(separator: ",")
        let body = #"{"email":"\#(email)","role":"\#(role)","workspaces":[\#(places)]}"#
        let answer = try await call("POST", "/api/v1/invitations", token: inviter, body: body)
        #expect(answer.status == 201, "\(answer.text)")
        return (
            try #require(answer.json["invitation_token"]?.stringValue),
            try #require(answer.json["invitation"]?["member_id"]?.stringValue)
        )
    }

    /// The session of a new person who accepted.
    func accept(_ secret: String, name: String = "Somebody") async throws -> String {
        let body = #"{"secret":"\#(secret)","name":"\#(name)","password":"\#(Self.newPassword)"}"#
        let answer = try await call("POST", "/api/v1/invitations/accept", body: body)
        #expect(answer.status == 201, "\(answer.text)")
        return try #require(answer.json["session_token"]?.stringValue)
    }

    /// A new person in the inviter's organization.
    func member(
        _ email: String,
        _ role: String = "member",
        in workspaces: [(id: String, role: String)] = [],
        by inviter: String
    ) async throws -> Person {
        let (secret, id) = try await invite(email, role, in: workspaces, by: inviter)
        return Person(memberID: id, email: email, token: try await accept(secret))
    }

    /// A custom role of the caller's organization.
    func role(_ name: String, _ permissions: [String], by token: String) async throws -> String {
        let list = permissions.map { #""\#($0)""# }.joined(separator: ",")
        let body = #"{"name":"\#(name)","permissions":[\#(list)]}"#
        let answer = try await call("POST", "/api/v1/roles", token: token, body: body)
        #expect(answer.status == 201, "\(answer.text)")
        return try #require(answer.json["id"]?.stringValue)
    }

    /// The workspace that somebody acts in.
    func workspace(of token: String) async throws -> String {
        let answer = try await call("GET", "/api/v1/me", token: token)
        return try #require(answer.json["workspace"]?["id"]?.stringValue, "\(answer.text)")
    }

    func patch(_ member: String, _ body: String, by token: String) async throws -> Answer {
        try await call("PATCH", "/api/v1/members/\(member)", token: token, body: body)
    }

    /// The membership of the person whose session it is.
    func memberID(of email: String, by token: String) async throws -> String {
        let answer = try await call("GET", "/api/v1/members?q=\(email)", token: token)
        return try #require(answer.json["data"]?.arrayValue?.first?["id"]?.stringValue, "\(answer.text)")
    }

    /// What the audit trail of the caller's organization says of an action, newest first.
    func events(_ action: String, by token: String) async throws -> [JSONValue] {
        let answer = try await call("GET", "/api/v1/audit/events?limit=200&action=\(action)", token: token)
        return try #require(answer.json["data"]?.arrayValue, "\(answer.text)")
    }
}
