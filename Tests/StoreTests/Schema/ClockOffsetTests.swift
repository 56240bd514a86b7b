import Domain
import Store
import Testing

@Suite("DST-6: the distance to the database's clock")
struct ClockOffsetTests {
    private static let start = Instant(microseconds: 1_700_000_000_000_000)

    @Test("DST-6: a measurement moves the distance only as far as it proves")
    func bounds() {
        let offset = ClockOffset()
        #expect(offset.current == .zero)
        // The answer took 10 ms; the database is ahead by 100 to 110 ms.
        offset.measured(
            Self.start + .milliseconds(110),
            sentAt: Self.start,
            receivedAt: Self.start + .milliseconds(10)
        )
        #expect(offset.current == .milliseconds(100))
        // A slow answer proves 0 to 4,000 ms and changes nothing.
        offset.measured(Self.start + .seconds(4), sentAt: Self.start, receivedAt: Self.start + .seconds(4))
        #expect(offset.current == .milliseconds(100))
        // A quick one that proves 120 to 121 ms does.
        offset.measured(
            Self.start + .milliseconds(121),
            sentAt: Self.start,
            receivedAt: Self.start + .milliseconds(1)
        )
        #expect(offset.current == .milliseconds(120))
        // The machine's clock was set forward by an hour.
        offset.measured(Self.start, sentAt: Self.start + .seconds(3600), receivedAt: Self.start + .seconds(3601))
        #expect(offset.current == .seconds(-3600))
    }

    @Test("DST-6: a measurement during which the clock was set back proves nothing")
    func setBack() {
        let offset = ClockOffset()
        offset.measured(Self.start, sentAt: Self.start + .seconds(10), receivedAt: Self.start)
        #expect(offset.current == .zero)
    }
}
