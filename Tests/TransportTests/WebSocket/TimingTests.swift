import NIOCore
import NIOEmbedded
import Testing
import Transport

@Suite("A WebSocket session keeps time and measure")
struct TimingTests {
    @Test("a ping goes out every interval, and pongs keep the session alive")
    func pings() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        for round in 1...12 {
            probe.advance(.seconds(21))
            #expect(try probe.sent().map(\.opcode) == [9], "round \(round)")
            try probe.receive(RawFrame(first: 0x8A))
        }
        #expect(probe.channel.isActive)
    }

    @Test("a silent peer is closed after the idle time, not before")
    func idle() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        probe.advance(.milliseconds(59_500))
        #expect(try probe.sent().map(\.opcode) == [9, 9])
        probe.advance(.seconds(1))
        #expect(try probe.sent().last?.closeCode == 1001)
        probe.advance(.seconds(6))
        #expect(!probe.channel.isActive)
        #expect(probe.delegate.closures.map(\.code) == [1001])
    }

    @Test("the session's timer fires once, can be moved and cleared")
    func timer() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        probe.delegate.session?.setTimer(.seconds(10))
        probe.delegate.session?.setTimer(.seconds(3))
        probe.advance(.milliseconds(2_900))
        #expect(probe.delegate.timers == 0)
        probe.advance(.milliseconds(600))
        #expect(probe.delegate.timers == 1)
        probe.delegate.session?.setTimer(.seconds(3))
        probe.delegate.session?.setTimer(nil)
        probe.advance(.seconds(15))
        #expect(probe.delegate.timers == 1)
    }

    @Test("deadlines farther than the wheel reaches come on time")
    func farDeadline() throws {
        let probe = try SessionProbe(
            WebSocketConfiguration(role: .server, pingInterval: nil, idleTimeout: .seconds(600))
        )
        defer { probe.finish() }
        probe.advance(.seconds(599))
        #expect(try probe.sent().isEmpty)
        probe.advance(.seconds(2))
        #expect(try probe.sent().map(\.closeCode) == [1001])
    }

    @Test("messages wait while the channel is full and go out in order")
    func backPressure() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        probe.setWritable(false)
        for text in ["1", "2", "3"] { probe.delegate.session?.send(text: text) }
        try probe.receive(RawFrame(first: 0x89, payload: [1]), RawFrame(first: 0x89, payload: [2]))
        #expect(try probe.sent().isEmpty)
        probe.setWritable(true)
        #expect(
            try probe.sent() == [
                ReadFrame(opcode: 10, masked: false, payload: [2]), .text("1"), .text("2"), .text("3"),
            ]
        )
    }

    @Test("a session whose answers are not taken reads nothing, and reads again afterwards")
    func readsPause() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        probe.setWritable(false)
        probe.delegate.session?.send(text: "waits")
        let before = probe.reads.count
        try probe.receive(.text("a"))
        #expect(probe.reads.count == before)
        probe.setWritable(true)
        #expect(probe.reads.count == before + 1)
    }

    @Test("reads from behind the session are not passed on, pausing stops its own")
    func ownReads() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        let before = probe.reads.count
        probe.channel.pipeline.read()
        #expect(probe.reads.count == before)
        probe.delegate.session?.pauseReading()
        try probe.receive(.text("a"))
        #expect(probe.reads.count == before)
        probe.advance(.seconds(100))
        #expect(probe.channel.isActive)
        probe.delegate.session?.resumeReading()
        #expect(probe.reads.count == before + 1)
    }

    @Test("a slow reader is cut when its queue is over the bound", arguments: [(1_024, true), (1_025, false)])
    func queueBound(size: Int, survives: Bool) throws {
        let probe = try SessionProbe(WebSocketConfiguration(role: .server, maximumQueuedBytes: 1_024))
        defer { probe.finish() }
        probe.setWritable(false)
        probe.delegate.session?.send(text: String(repeating: "x", count: size))
        probe.channel.embeddedEventLoop.run()
        #expect(probe.channel.isActive == survives)
        #expect(probe.delegate.closures.map(\.reason) == (survives ? [] : ["slow reader"]))
    }

    @Test("a reader that takes nothing for too long is cut")
    func stall() throws {
        let probe = try SessionProbe()
        defer { probe.finish() }
        probe.setWritable(false)
        probe.advance(.seconds(29))
        #expect(probe.channel.isActive)
        probe.advance(.seconds(2))
        #expect(!probe.channel.isActive)
        #expect(probe.delegate.closures.map(\.code) == [1008])
    }
}
