import Domain
import Testing

@Suite("Instants")
struct InstantTests {
    @Test(
        "RFC 3339 text is read to the microsecond",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.999999Z", -1),
            ("2026-11-21T00:50:07.123456Z", 1_795_222_207_123_456),
            ("2026-11-21T00:50:07.1Z", 1_795_222_207_100_000),
            ("2026-11-21T00:50:07.123456789Z", 1_795_222_207_123_456),
            ("2026-11-21T02:50:07+02:00", 1_795_222_207_000_000),
            ("2026-11-20T23:20:07-01:30", 1_795_222_207_000_000),
            ("2000-02-29T12:00:00Z", 951_825_600_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
            ("2015-06-30T23:59:60.5Z", 1_435_708_800_000_000),
            ("2017-01-01T00:59:60+01:00", 1_483_228_800_000_000),
        ] as [(String, Int64)]
    )
    func reads(text: String, microseconds: Int64) {
        #expect(Instant(rfc3339: text)?.microseconds == microseconds)
    }

    @Test(
        "what is not RFC 3339 is refused",
        arguments: [
            "", "Z", "2026-11-21", "2026-11-21T00:50:07", "2026-11-21 00:50:07Z", "2026-11-21t00:50:07Z",
            "2026-11-21T00:50:07z", "2026-11-21T00:50:07.Z", "2026-11-21T00:50:07.1234567890Z",
            "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:61Z", "2026-01-01T00:00:60Z", "2016-12-30T23:59:60Z", "2016-12-31T22:59:60Z",
            "2026-11-21T00:50:07+24:00", "2026-11-21T00:50:07+01:60", "2026-11-21T00:50:07+0100",
            "02026-11-21T00:50:07Z", "-026-11-21T00:50:07Z", "+2026-11-21T00:50:07Z", "10000-01-01T00:00:00Z",
            "0000-12-31T00:00:00Z", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "0001-01-01T00:00:00+00:01",
            "2026-11-21T00:50:07Z ", " 2026-11-21T00:50:07Z", "２026-11-21T00:50:07Z",
        ]
    )
    func refuses(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test("an instant is written in UTC with six digits and read back the same")
    func roundTrip() {
        #expect(Instant(microseconds: 1_795_222_207_123_456).rfc3339 == "2026-11-21T00:50:07.123456Z")
        #expect(Instant(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999999Z")
        #expect(Instant.earliest.rfc3339 == "0001-01-01T00:00:00.000000Z")
        #expect(Instant.latest.rfc3339 == "9999-12-31T23:59:59.999999Z")
        var microseconds = Instant.earliest.microseconds
        while microseconds <= Instant.latest.microseconds - 86_399_123_457 {
            let instant = Instant(microseconds: microseconds)
            #expect(Instant(rfc3339: instant.rfc3339) == instant)
            microseconds += 86_399_123_457 * 997
        }
    }

    @Test("arithmetic stays between the earliest and the latest instant")
    func saturates() {
        #expect(Instant.latest + .seconds(1) == .latest)
        #expect(Instant.earliest - .seconds(1) == .earliest)
        #expect(Instant(microseconds: .max) == .latest)
        #expect(Instant(microseconds: .min) == .earliest)
        #expect(Instant(microseconds: 0) + .seconds(Int64.max) == .latest)
        #expect(Instant(microseconds: 0) - .seconds(Int64.max) == .earliest)
        #expect(Instant(microseconds: 0) + .seconds(Int64.min) == .earliest)
        #expect(Instant(microseconds: 5_000_000) - Instant(microseconds: 2_000_000) == .seconds(3))
        #expect(Instant(microseconds: 1) + .milliseconds(1) == Instant(microseconds: 1001))
    }
}
