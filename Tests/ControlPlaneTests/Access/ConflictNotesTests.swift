import ControlPlane
import Domain
import Testing

@Suite("Conflicts of rights that were logged")
struct ConflictNotesTests {
    private static let start = Instant(microseconds: 1_795_222_207_000_000)

    private static func token(_ number: Int) -> CredentialID {
        CredentialID(value: TypeIDValue(high: 1, low: UInt64(number)))
    }

    @Test("ORG-8: a token and permission is due once a day")
    func once() {
        let notes = ConflictNotes()
        #expect(notes.isDue(Self.token(1), .agentsRead, at: Self.start))
        #expect(!notes.isDue(Self.token(1), .agentsRead, at: Self.start + .seconds(5)))
        #expect(notes.isDue(Self.token(1), .agentsRotate, at: Self.start))
        #expect(notes.isDue(Self.token(1), .agentsRead, at: Self.start + .days(1)))
    }

    @Test(
        "ORG-8: whoever makes conflicts without end makes a bounded number of writes a second"
    )
    func bounded() {
        let notes = ConflictNotes()
        for number in 0..<ConflictNotes.maximumEntries {
            #expect(notes.isDue(Self.token(number), .agentsRead, at: Self.start))
        }
        func due(at now: Instant) -> Int {
            (0..<100).count { notes.isDue(Self.token(1_000_000 + $0), .agentsRead, at: now) }
        }
        #expect(due(at: Self.start) == ConflictNotes.maximumBeyond)
        #expect(due(at: Self.start) == 0)
        #expect(due(at: Self.start + .seconds(1)) == ConflictNotes.maximumBeyond)
        #expect(!notes.isDue(Self.token(0), .agentsRead, at: Self.start), "what is remembered is never due again")
    }
}
