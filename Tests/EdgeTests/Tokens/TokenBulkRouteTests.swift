import StrictJSON
import Testing

@Suite("Bulk routes of tokens")
struct TokenBulkRouteTests {
    private static let path = "/api/v1/tokens/bulk"
    /// One entry more than a list may have.
    private static let many = "[\((0...100).map { "\"a:b\($0)\"" }.joined(separator: ","))]"

    @Test("TOK-6: nothing is changed without confirmation, a dry run wins over it, and no answer holds a text")
    func confirmation() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let (id, text) = try await server.token("a", ["agents:read"], owner)
            let ask = { (verb: String, more: String) in
                let body = #"{"filter":{"ids":["\#(id)"]}\#(more)}"#
                return try await server.call("POST", "\(Self.path)/\(verb)", token: owner, body: body)
            }
            for verb in ["revoke", "rotate"] {
                #expect(try await ask(verb, "").code == "ConfirmationRequired")
                let dry = try await ask(verb, #","dry_run":true,"confirm":true"#)
                #expect(dry.json["data"]?.arrayValue?.first?["outcome"]?.stringValue == "changed", "\(dry.text)")
                #expect(dry.json["next_cursor"] == .null && dry.json["dry_run"]?.boolValue == true)
            }
            #expect(try await server.call("GET", "/api/v1/agents", token: text).status == 200)
            let tagged = try await ask("tag", #","add_tags":["x"],"confirm":true"#)
            #expect(tagged.json["data"]?.arrayValue?.first?["outcome"]?.stringValue == "changed", "\(tagged.text)")
            let scoped = try await ask("rescope", #","scopes":["keys:read"],"confirm":true"#)
            #expect(!scoped.text.contains("clv_"), "\(scoped.text)")
            let demanded = try await ask("rotate", #","confirm":true"#)
            #expect(!demanded.text.contains("clv_"))
            let shown = try await server.call("GET", "/api/v1/tokens/\(id)/details", token: owner).json
            #expect(shown["token"]?["rotation_required_by"]?.stringValue != nil)
            #expect(shown["token"]?["scopes"] == .array([.string("keys:read")]))
            #expect(shown["effective_scopes"]?.arrayValue?.count == 1)
            #expect(try await ask("revoke", #","confirm":true"#).status == 200)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).code == "RevokedToken")
        }
    }

    @Test(
        "TOK-8: bodies that say nothing, or the wrong thing, are refused by field",
        arguments: [
            ("revoke", #"{"dry_run":true}"#, "/filter"), ("rescope", #"{"filter":{},"dry_run":true}"#, "/scopes"),
            ("tag", #"{"filter":{},"dry_run":true}"#, "/add_tags"),
            ("revoke", #"{"filter":{"ids":[]},"dry_run":true}"#, "/filter/ids"),
            ("revoke", #"{"filter":{"ids":["x"]},"dry_run":true}"#, "/filter/ids/0"),
            ("revoke", #"{"filter":{"kind":"agent"},"dry_run":true}"#, "/filter/kind"),
            ("revoke", #"{"filter":{"tags":"x"},"dry_run":true}"#, "/filter/tags"),
            ("revoke", #"{"filter":{},"dry_run":true,"limit":0}"#, "/limit"),
            ("revoke", #"{"filter":{},"dry_run":true,"limit":201}"#, "/limit"),
            ("revoke", #"{"filter":{},"dry_run":true,"cursor":"x"}"#, "/cursor"),
            ("rescope", #"{"filter":{},"dry_run":true,"remove_scopes":\#(many)}"#, "/remove_scopes"),
            ("rescope", #"{"filter":{},"dry_run":true,"scopes":\#(many)}"#, "/scopes"),
            ("tag", #"{"filter":{},"dry_run":true,"add_tags":\#(many)}"#, "/add_tags"),
        ]
    )
    func faults(_ verb: String, _ body: String, _ path: String) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let answer = try await server.call("POST", "\(Self.path)/\(verb)", token: owner, body: body)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == path, "\(answer.text)")
        }
    }

    @Test("TOK-9: templates are listed; ORG-9, TOK-10: lists take flags, and nothing but true or false for them")
    func lists() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let templates = try await server.call("GET", "/api/v1/tokens/templates", token: owner).json
            #expect(templates["data"]?.arrayValue?.count == 5)
            for flag in ["out_of_policy", "seen_by_departed"] {
                for (value, status) in [("true", 200), ("false", 200), ("1", 422), ("", 422)] {
                    let answer = try await server.call("GET", "/api/v1/tokens?\(flag)=\(value)", token: owner)
                    #expect(answer.status == status, "\(flag)=\(value): \(answer.text)")
                }
            }
        }
    }
}
