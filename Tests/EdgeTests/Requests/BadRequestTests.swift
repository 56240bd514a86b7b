import StrictJSON
import Testing

@Suite("Bad requests")
struct BadRequestTests {
    @Test("AGT-1: bad bodies answer 400, 415 or 422 with the field's name")
    func bodies() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let cases: [(body: String, status: Int, path: String?)] = [
                ("", 400, nil), ("{", 400, nil), (#"{"name":"a"} x"#, 400, nil), (#"{"name":"\ud800"}"#, 400, nil),
                (#"{"name":"a","name":"b"}"#, 422, "/name"), (#"{"name":"a","colour":"red"}"#, 422, "/colour"),
                (#"{"name":7}"#, 422, "/name"), (#"{}"#, 422, "/name"), ("[]", 422, ""),
                (#"{"name":""}"#, 422, "/name"),
                (#"{"name":"\#(String(repeating: "n", count: 256))"}"#, 422, "/name"),
                (#"{"name":"a","trigger_modes":["dance"]}"#, 422, "/trigger_modes/0"),
                (#"{"name":"a","input_schema":{"type":"strange"}}"#, 422, "/input_schema/type"),
            ]
            for fault in cases {
                let answer = try await server.call("POST", "/api/v1/agents", token: owner, body: fault.body)
                #expect(answer.status == fault.status, "\(fault.body) → \(answer.text)")
                #expect(answer["content-type"] == "application/problem+json")
                #expect(answer.json["request_id"]?.stringValue == answer["x-request-id"])
                if let path = fault.path {
                    let paths = answer.json["errors"]?.arrayValue?.map { $0["path"]?.stringValue }
                    #expect(paths?.contains(path) == true, "\(fault.body) → \(answer.text)")
                }
            }
            let plain = try await server.call(
                "POST",
                "/api/v1/agents",
                token: owner,
                headers: ["Content-Type: text/plain"],
                body: "{}"
            )
            #expect(plain.status == 415)
        }
    }

    @Test("AGT-1: names of 1 and 255 characters pass; invalid UTF-8 is refused")
    func names() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            _ = try await server.createAgent("n", owner: owner)
            _ = try await server.createAgent(String(repeating: "n", count: 255), owner: owner)
            let body = Array(#"{"name":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
            let head = """
                POST /api/v1/agents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(owner)\r
                Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n
                """
            let answer = try await server.exchange(Array(head.utf8) + body)
            #expect(answer.status == 400)
            #expect(answer.code == "MalformedBody")
        }
    }

    @Test("ORG-1: ids of other kinds and unknown ids answer the same 404")
    func ids() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let ids = [
                "agt_01h455vb4pex5vsknk084sn02q", "usr_01h455vb4pex5vsknk084sn02q", "agt_", "x", "%F0%9F%94%91",
                String(repeating: "a", count: 3000),
            ]
            for id in ids {
                let answer = try await server.call("GET", "/api/v1/agents/\(id)", token: owner)
                #expect(answer.status == 404, "\(id)")
                #expect(answer.json["detail"]?.stringValue == "There is no such agent.")
            }
        }
    }

    @Test(
        "ROT-1: settings pass at their edges and are refused one beyond",
        arguments: [
            ("agent_token_rotation_days", 1, 365), ("agent_token_grace_period_minutes", 1, 60),
            ("agent_offline_allowance_days", 0, 365), ("rotation_ack_timeout_seconds", 5, 300),
            ("install_token_minutes", 1, 1440),
        ]
    )
    func settings(_ key: String, _ low: Int, _ high: Int) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            for (value, status) in [(low, 200), (high, 200), (low - 1, 422), (high + 1, 422)] {
                let answer = try await server.call(
                    "PATCH",
                    "/api/v1/settings",
                    token: owner,
                    body: #"{"\#(key)":\#(value)}"#
                )
                #expect(answer.status == status, "\(key) \(value): \(answer.text)")
            }
            for bad in [#""7""#, "7.5", "true", "[]", "99999999999999999999"] {
                let answer = try await server.call(
                    "PATCH",
                    "/api/v1/settings",
                    token: owner,
                    body: #"{"\#(key)":\#(bad)}"#
                )
                #expect(answer.status == 422, "\(key) \(bad): \(answer.text)")
            }
        }
    }

    @Test("ORG-1: lists take a limit of 1 to 200 and known parameters only")
    func lists() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            for (query, status) in [
                ("limit=1", 200), ("limit=200", 200), ("limit=0", 422), ("limit=201", 422), ("limit=x", 422),
                ("colour=red", 422), ("limit=1&limit=2", 422), ("q=%zz", 400), ("cursor=x", 422), ("status=odd", 422),
            ] {
                let answer = try await server.call("GET", "/api/v1/agents?\(query)", token: owner)
                #expect(answer.status == status, "\(query): \(answer.text)")
            }
        }
    }

    @Test("AGT-1: cursors lead through a whole list, newest first, each agent once")
    func cursors() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            var made: [String] = []
            for number in 1...5 { made.append(try await server.createAgent("agent \(number)", owner: owner).id) }
            var seen: [String] = []
            var cursor: String?
            repeat {
                let more = cursor.map { "&cursor=\($0)" } ?? ""
                let page = try await server.call("GET", "/api/v1/agents?limit=2\(more)", token: owner).json
                seen += page["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
                cursor = page["next_cursor"]?.stringValue
            } while cursor != nil
            #expect(seen == made.reversed())
            let first = try await server.call("GET", "/api/v1/audit/events?limit=2", token: owner).json
            let next = try #require(first["next_cursor"]?.stringValue)
            let second = try await server.call("GET", "/api/v1/audit/events?limit=2&cursor=\(next)", token: owner).json
            #expect(first["data"] != second["data"])
        }
    }

    @Test("AGT-1: PATCH tells an absent field from null")
    func patch() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let created = try await server.call(
                "POST",
                "/api/v1/agents",
                token: owner,
                body: #"{"name":"a","environment":"test","region":"eu"}"#
            )
            let id = try #require(created.json["agent"]?["id"]?.stringValue)
            let answer = try await server.call(
                "PATCH",
                "/api/v1/agents/\(id)",
                token: owner,
                body: #"{"environment":null,"description":"d"}"#
            )
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["environment"] == nil)
            #expect(answer.json["region"]?.stringValue == "eu")
            #expect(answer.json["description"]?.stringValue == "d")
            #expect(answer.json["name"]?.stringValue == "a")
        }
    }
}
