import ClavigerWire
import StrictJSON
import Testing

@Suite struct JSONRPCTests {
    @Test(
        "DST-7: frames are told apart, and members JSON-RPC does not name are ignored",
        arguments: [
            (
                #"{"jsonrpc":"2.0","id":"7","method":"agent.hello","params":{"a":1},"trace":{"x":1}}"#,
                .request(id: "7", method: "agent.hello", params: ["a": 1])
            ),
            (#"{"jsonrpc":"2.0","id":"7","method":"m"}"#, .request(id: "7", method: "m", params: [:])),
            (#"{"method":"m","params":{},"jsonrpc":"2.0"}"#, .notification(method: "m", params: [:])),
            (#"{"jsonrpc":"2.0","id":"a","result":null}"#, .response(id: "a", result: nil)),
            (
                #"{"jsonrpc":"2.0","id":"a","error":{"code":-32601,"message":"no","data":{"code":"X"},"more":1}}"#,
                .failure(id: "a", error: JSONRPCError(code: -32_601, message: "no", data: ["code": "X"]))
            ),
            (
                #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}"#,
                .failure(id: nil, error: JSONRPCError(code: -32_700, message: "no"))
            ),
        ] as [(String, JSONRPCMessage)]
    )
    func classifies(frame: String, message: JSONRPCMessage) throws {
        #expect(try JSONRPCMessage(reading: Array(frame.utf8)) == message)
        #expect(try JSONRPCMessage(reading: message.bytes) == message)
    }

    static let garbage: [(String, Int, String?)] = [
        ("", -32_700, nil), ("{", -32_700, nil), ("nope", -32_700, nil), ("{\"a\":1,\"a\":2}", -32_700, nil),
        ("[]", -32_600, nil), ("[{\"jsonrpc\":\"2.0\",\"method\":\"m\"}]", -32_600, nil), ("1", -32_600, nil),
        ("null", -32_600, nil), ("\"x\"", -32_600, nil), ("{}", -32_600, nil),
        (#"{"jsonrpc":"1.0","id":"1","method":"m"}"#, -32_600, "1"), (#"{"id":"1","method":"m"}"#, -32_600, "1"),
        (#"{"jsonrpc":2.0,"id":"1","method":"m"}"#, -32_600, "1"),
        (#"{"jsonrpc":"2.0","id":1,"method":"m"}"#, -32_600, nil),
        (#"{"jsonrpc":"2.0","id":"","method":"m"}"#, -32_600, nil),
        (#"{"jsonrpc":"2.0","id":null,"method":"m"}"#, -32_600, nil),
        (#"{"jsonrpc":"2.0","id":{},"method":"m"}"#, -32_600, nil),
        (#"{"jsonrpc":"2.0","id":"1","method":""}"#, -32_600, "1"),
        (#"{"jsonrpc":"2.0","id":"1","method":5}"#, -32_600, "1"), (#"{"jsonrpc":"2.0","id":"1"}"#, -32_600, "1"),
        (#"{"jsonrpc":"2.0","id":"1","method":"m","params":[]}"#, -32_602, "1"),
        (#"{"jsonrpc":"2.0","id":"1","method":"m","params":null}"#, -32_602, "1"),
        (#"{"jsonrpc":"2.0","method":"m","params":"x"}"#, -32_602, nil),
        (#"{"jsonrpc":"2.0","id":"1","method":"m","result":1}"#, -32_600, "1"),
        (#"{"jsonrpc":"2.0","id":"1","result":1,"error":{"code":1,"message":"m"}}"#, -32_600, "1"),
        (#"{"jsonrpc":"2.0","result":1}"#, -32_600, nil), (#"{"jsonrpc":"2.0","id":"1","error":{}}"#, -32_600, "1"),
        (#"{"jsonrpc":"2.0","id":"1","error":"x"}"#, -32_600, "1"),
        (#"{"jsonrpc":"2.0","id":"1","error":{"code":"1","message":"m"}}"#, -32_600, "1"),
    ]

    @Test("Garbage gets the error code of the specification", arguments: garbage)
    func refusesGarbage(frame: String, code: Int, id: String?) throws {
        let fault = try #require(throws: JSONRPCFault.self) { try JSONRPCMessage(reading: Array(frame.utf8)) }
        #expect(fault.error.code == code)
        #expect(fault.id == id)
        #expect(try JSONRPCMessage(reading: fault.answer.bytes) == fault.answer)
    }

    @Test("Ids and methods of 1 and 128 bytes pass, 129 do not", arguments: [1, 128, 129])
    func limitsNames(length: Int) {
        let name = String(repeating: "x", count: length)
        let frame = JSONRPCMessage.request(id: name, method: name, params: [:])
        #expect(((try? JSONRPCMessage(reading: frame.bytes)) == frame) == (length <= 128))
    }

    @Test("A frame at the limit passes, one byte more does not")
    func limitsFrames() throws {
        let frame = JSONRPCMessage.notification(method: "m", params: ["x": "y"]).bytes
        #expect(throws: Never.self) { try JSONRPCMessage(reading: frame, maximumBytes: frame.count) }
        let fault = #expect(throws: JSONRPCFault.self) {
            try JSONRPCMessage(reading: frame, maximumBytes: frame.count - 1)
        }
        #expect(fault?.error.code == JSONRPCError.parseError)
    }

    @Test("DST-7: params with fields of a newer peer are read; wrong ones are named")
    func readsParams() throws {
        let params: JSONValue = [
            "rotation_id": "rot_1", "attempt": 2, "new_token": "t", "expires_at": nil, "grace_period_seconds": 300,
            "later": ["x": 1],
        ]
        let read = try params.decoded(as: RotateTokenParams.self)
        #expect(read == RotateTokenParams(rotationID: "rot_1", attempt: 2, newToken: "t", gracePeriodSeconds: 300))
        let error = #expect(throws: JSONRPCError.self) {
            try (["rotation_id": "rot_1", "attempt": "2"] as JSONValue).decoded(as: RotateTokenParams.self)
        }
        #expect(error?.code == JSONRPCError.invalidParams)
        #expect(error?.message.contains("/attempt") == true)
    }
}
