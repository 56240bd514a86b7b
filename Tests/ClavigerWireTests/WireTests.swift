import ClavigerWire
import StrictJSON
import Testing

@Suite struct WireTests {
    @Test("AGT-1: a PATCH body tells absent, null and a value apart")
    func patches() throws {
        let text = #"{"name":"n","persona":null,"labels":{"a":"b"},"input_schema":{"type":"object"}}"#
        let request = try StrictJSONDecoder().decode(UpdateAgentRequest.self, from: text)
        #expect(request.name == .value("n"))
        #expect(request.persona == .null)
        #expect(request.description == .absent)
        #expect(request.labels.given == ["a": "b"])
        #expect(request.inputSchema.given == ["type": "object"])
        #expect(!request.slug.isPresent && request.persona.isPresent)
        #expect(
            try StrictJSONDecoder().decode(UpdateAgentRequest.self, from: StrictJSONEncoder().encode(request))
                == request
        )
        let error = #expect(throws: JSONError.self) {
            try StrictJSONDecoder().decode(UpdateAgentRequest.self, from: #"{"nmae":"n","state":"active"}"#)
        }
        #expect(error?.faults.map(\.path) == ["/nmae", "/state"])
    }

    @Test("AGT-1: an unknown trigger mode is refused with the known ones")
    func refusesTriggerModes() throws {
        let error = try #require(throws: JSONError.self) {
            try StrictJSONDecoder().decode(
                AgentDefinitionRequest.self,
                from: #"{"name":"n","trigger_modes":["manual","x"]}"#
            )
        }
        #expect(error.path == "/trigger_modes/1")
        #expect(error.message == "The value must be one of manual, webhook, schedule, event.")
    }

    @Test("AGT-2: a replay writes the secret as null and says that it was shown")
    func writesReplays() throws {
        let replay = RegenerateTokenResponse(installTokenExpiresAt: "t", secretAlreadyShown: true)
        #expect(
            try StrictJSONEncoder().text(replay)
                == #"{"install_token":null,"install_token_expires_at":"t","install":null,"secret_already_shown":true}"#
        )
    }

    @Test("Problem details keep their members apart from the named ones")
    func writesProblems() throws {
        let problem = ProblemDetails(
            code: .rotationInProgress,
            title: "Rotation in progress",
            status: 409,
            detail: "Wait.",
            requestID: "r",
            errors: [FieldProblem(path: "/mode", message: "m")],
            details: ["rotation_id": "rot_1", "retry_after_seconds": 3, "code": "forged", "status": 200]
        )
        let text = try StrictJSONEncoder().text(problem)
        let value = try JSONValue(parsing: text)
        #expect(value["code"] == "RotationInProgress" && value["status"] == 409 && value["rotation_id"] == "rot_1")
        #expect(value["type"] == "urn:claviger:problem:RotationInProgress")
        let read = try StrictJSONDecoder(unknownFields: .ignore).decode(ProblemDetails.self, from: text)
        #expect(read.details == ["rotation_id": "rot_1", "retry_after_seconds": 3])
        #expect(read.code == .rotationInProgress && read.errors == problem.errors && read.requestID == "r")
        #expect(try StrictJSONDecoder().decode(ProblemDetails.self, from: text) == read)
    }

    @Test("Error codes are distinct and in one spelling")
    func listsCodes() {
        #expect(Set(ErrorCode.all).count == ErrorCode.all.count)
        for code in ErrorCode.all {
            #expect(code.rawValue.first?.isUppercase == true && code.rawValue.allSatisfy(\.isLetter))
        }
    }

    @Test("Pages write the cursor of the last page as null")
    func writesPages() throws {
        #expect(try StrictJSONEncoder().text(Page(data: [1, 2])) == #"{"data":[1,2],"next_cursor":null}"#)
        let page = try StrictJSONDecoder().decode(Page<String>.self, from: #"{"data":["a"],"next_cursor":"c"}"#)
        #expect(page == Page(data: ["a"], nextCursor: "c"))
    }

    @Test("Settings are changed by an object of keys; anything else is refused")
    func readsSettings() throws {
        let text = #"{"agent_token_rotation_days":14,"agent_token_grace_period_minutes":null}"#
        let request = try StrictJSONDecoder().decode(UpdateSettingsRequest.self, from: text)
        #expect(request.values.names == ["agent_token_rotation_days", "agent_token_grace_period_minutes"])
        #expect(throws: JSONError.self) { try StrictJSONDecoder().decode(UpdateSettingsRequest.self, from: "[1]") }
    }

    @Test("A path is filled in and escaped")
    func fillsPaths() {
        #expect(APIPath.agent.path("agt_1") == "/api/v1/agents/agt_1")
        #expect(APIPath.rotateAgentToken.fullTemplate == "/api/v1/agents/{id}/tokens/rotate")
        #expect(APIPath.agent.path("../x y/ü") == "/api/v1/agents/..%2Fx%20y%2F%C3%BC")
        #expect(APIPath.installScript.path() == "/install.sh")
    }

    @Test(
        "Base64url follows the vectors of RFC 4648",
        arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")]
    )
    func encodesBase64(text: String, encoded: String) {
        #expect(Base64URL.encode(Array(text.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(text.utf8))
    }

    @Test(
        "Base64url refuses padding, other alphabets, impossible lengths and stray bits",
        arguments: ["Zg==", "Z", "Zh", "Zm9", "+/+/", "Zm 9", "Zm9v\n", "é"]
    )
    func refusesBase64(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test("Base64url survives all bytes")
    func survivesBase64() {
        for count in 0...66 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 251) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }
}
