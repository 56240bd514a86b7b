import Domain
import Testing

@Suite("Ids")
struct EntityIDTests {
    @Test(
        "the vectors of the TypeID specification",
        arguments: [
            (0, 0, "00000000000000000000000000"),
            (0, 1, "00000000000000000000000001"),
            (0, 10, "0000000000000000000000000a"),
            (0, 16, "0000000000000000000000000g"),
            (0, 32, "00000000000000000000000010"),
            (.max, .max, "7zzzzzzzzzzzzzzzzzzzzzzzzz"),
            (0x0110_c853_1d09_52d8, 0xd73e_1194_e95b_5f19, "0123456789abcdefghjkmnpqrs"),
            (0x0189_0a5d_ac96_774b, 0xbcce_b302_099a_8057, "01h455vb4pex5vsknk084sn02q"),
        ] as [(UInt64, UInt64, String)]
    )
    func vectors(high: UInt64, low: UInt64, text: String) {
        let value = TypeIDValue(high: high, low: low)
        #expect(value.base32 == text)
        #expect(TypeIDValue(base32: text.utf8) == value)
        #expect(AgentID("agt_" + text) == AgentID(value: value))
        #expect(AgentID(value: value).text == "agt_" + text)
    }

    @Test(
        "what is not an agent's id is refused",
        arguments: [
            "", "_", "agt", "agt_", "agt_01h455vb4pex5vsknk084sn02", "agt_01h455vb4pex5vsknk084sn02qq",
            "agt_81h455vb4pex5vsknk084sn02q", "agt_zzzzzzzzzzzzzzzzzzzzzzzzzz", "agt_01H455VB4PEX5VSKNK084SN02Q",
            "agt_01h455vb4pex5vsknk084sn0il", "agt_01h455vb4pex5vsknk084sn0uo", "agt_01h455vb4p-x5vsknk084sn02q",
            "org_01h455vb4pex5vsknk084sn02q", "AGT_01h455vb4pex5vsknk084sn02q", "agt-01h455vb4pex5vsknk084sn02q",
            "agt__1h455vb4pex5vsknk084sn02q", "_01h455vb4pex5vsknk084sn02q", "01h455vb4pex5vsknk084sn02q",
            " agt_01h455vb4pex5vsknk084sn02q", "agt_01h455vb4pex5vsknk084sn02é",
        ]
    )
    func refuses(text: String) {
        #expect(AgentID(text) == nil)
    }

    @Test("ids grow strictly while the clock stands still or goes back, as values and as text")
    func monotonic() {
        let clock = SteppingClock()
        let source = IDSource(clock: WallClock { clock.next() }, random: .system)
        var previous: AgentID = source.next()
        for _ in 0..<20_000 {
            let next = source.next(AgentID.self)
            #expect(previous < next)
            #expect(previous.text < next.text)
            previous = next
        }
    }

    @Test("ids are version 7 of variant 2 and begin with the millisecond")
    func shape() {
        let source = IDSource(
            clock: WallClock { Instant(microseconds: 1_795_222_207_123_456) },
            random: RandomSource { [UInt8](repeating: 0xFF, count: $0) }
        )
        let id = source.next(CredentialID.self)
        #expect(id.value.high >> 16 == 1_795_222_207_123)
        #expect(id.value.high >> 12 & 0xF == 7)
        #expect(id.value.low >> 62 == 2)
    }
}

/// Goes back a millisecond every other time and stands still most of the time.
private struct SteppingClock {
    func next() -> Instant {
        Instant(microseconds: 1_795_222_207_000_000 + Int64.random(in: 0...3) * 1000)
    }
}
