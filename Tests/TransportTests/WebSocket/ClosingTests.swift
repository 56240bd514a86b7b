import NIOCore
import NIOEmbedded
import Testing
import Transport

@Suite("A WebSocket session closes")
struct ClosingTests {
    @Test("our close waits for the peer's and delivers nothing in between")
    func localClose() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        probe.delegate.session?.close(code: 4001, reason: "revoked")
        try probe.receive(.text("late"))
        #expect(probe.channel.isActive)
        #expect(
            try probe.sent() == [ReadFrame(opcode: 8, masked: false, payload: [0x0F, 0xA1] + Array("revoked".utf8))]
        )
        try probe.receive(.close(4001))
        #expect(!probe.channel.isActive)
        #expect(probe.delegate.texts.isEmpty)
        #expect(
            probe.delegate.closures == [WebSocketClosure(code: 4001, reason: "revoked", initiator: .local)]
        )
    }

    @Test("a peer that does not answer our close is cut after the time limit")
    func closeTimeout() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        probe.delegate.session?.close(code: 4007)
        probe.advance(.milliseconds(4_900))
        #expect(probe.channel.isActive)
        probe.advance(.milliseconds(600))
        #expect(!probe.channel.isActive)
        #expect(probe.delegate.closures.map(\.code) == [4007])
    }

    @Test(
        "the peer's close is answered with its code",
        arguments: [1000, 1001, 1011, 1014, 3000, 4001, 4999] as [UInt16]
    )
    func remoteClose(code: UInt16) throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        try probe.receive(.close(code, reason: Array("bye".utf8)), .text("after"))
        #expect(try probe.sent().map(\.closeCode) == [code])
        #expect(!probe.channel.isActive)
        #expect(probe.delegate.texts.isEmpty)
        #expect(probe.delegate.closures == [WebSocketClosure(code: code, reason: "bye", initiator: .remote)])
    }

    @Test("a close without a code is answered without one and reported as 1005")
    func closeWithoutCode() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        try probe.receive(.close(nil))
        #expect(try probe.sent() == [ReadFrame(opcode: 8, masked: false, payload: [])])
        #expect(probe.delegate.closures == [WebSocketClosure(code: 1005, reason: "", initiator: .remote)])
    }

    @Test("a lost connection is reported as 1006, once, and later calls do nothing")
    func lost() throws {
        let probe = try SessionProbe()
        _ = try probe.channel.finish()
        #expect(probe.delegate.closures == [WebSocketClosure(code: 1006, reason: "", initiator: .connectionLost)])
        probe.delegate.session?.send(text: "x")
        probe.delegate.session?.close(code: 1000)
        probe.delegate.session?.setTimer(.seconds(1))
        #expect(probe.delegate.closures.count == 1)
    }

    @Test("a reason longer than a control frame is cut between characters")
    func longReason() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        probe.delegate.session?.close(code: 4400, reason: String(repeating: "é", count: 100))
        let payload = try #require(try probe.sent().first?.payload)
        #expect(payload.count == 2 + 122)
        #expect(String(validating: payload.dropFirst(2), as: UTF8.self) == String(repeating: "é", count: 61))
    }

    @Test("a delegate may close from inside its own call")
    func closeInside() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        probe.delegate.onText = { session, _ in
            session.send(text: "bye")
            session.close(code: 4400, reason: "")
            session.send(text: "too late")
        }
        try probe.receive(bytes: RawFrame.text("a").bytes + RawFrame.text("b").bytes)
        #expect(probe.delegate.texts == ["a"])
        #expect(try probe.sent().map(\.opcode) == [1, 8])
    }
}
