import Testing

@Suite("The history checker")
struct HistoryCheckerTests {
    /// `use(0.1, 0.2, …)`: begun and ended in seconds.
    private static func use(
        _ begun: Double,
        _ ended: Double,
        _ answer: History.Answer,
        of credential: String = "a"
    ) -> History.Use {
        History.Use(credential: credential, begun: .seconds(begun), ended: .seconds(ended), answer: answer)
    }

    private static func revocation(_ begun: Double, _ ended: Double?, of credential: String = "a") -> History.Revocation
    {
        History.Revocation(credential: credential, begun: .seconds(begun), ended: ended.map { .seconds($0) })
    }

    /// A history, and how many faults it has.
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let uses: [History.Use]
        let revocations: [History.Revocation]

        /// Unless it says otherwise, one revocation is answered after a tenth of a second.
        init(
            _ testDescription: String,
            _ uses: [History.Use],
            _ revocations: [History.Revocation] = [revocation(1, 1.1)]
        ) {
            self.testDescription = testDescription
            self.uses = uses
            self.revocations = revocations
        }
    }

    static let good = [
        Sample(
            "accepted before, refused after",
            [use(0, 0.1, .accepted), use(2, 2.1, .revoked), use(3, 3.1, .revoked)]
        ),
        Sample(
            "accepted while it is being revoked, and up to the bound afterwards",
            [use(1.05, 1.3, .accepted), use(2.1, 2.2, .accepted)]
        ),
        Sample("an attempt that began in time may be answered late", [use(1.9, 30, .accepted)]),
        Sample("not checked at any time", [use(0, 0.1, .unchecked), use(9, 9.1, .unchecked)]),
        Sample(
            "a revocation without an answer may have happened or not",
            [use(5, 5.1, .accepted), use(6, 6.1, .revoked)],
            [revocation(1, nil)]
        ),
        Sample("refused before the revocation is answered", [use(0.9, 1.05, .revoked)]),
        Sample("nobody revokes", [use(0, 0.1, .accepted)], []),
    ]

    static let bad = [
        Sample("accepted more than the bound after the answer", [use(2.11, 2.2, .accepted)]),
        Sample(
            "accepted long after the answer, though refused in between",
            [use(1.2, 1.3, .revoked), use(5, 5.1, .accepted)]
        ),
        Sample(
            "accepted after a refusal proved that an unanswered revocation had happened",
            [use(2, 2.1, .revoked), use(3.2, 3.3, .accepted)],
            [revocation(1, nil)]
        ),
        Sample(
            "the first of two revocations counts",
            [use(2.5, 2.6, .accepted)],
            [revocation(1, 1.1), revocation(2, 2.1)]
        ),
        Sample("refused as revoked before anybody began to", [use(0.1, 0.9, .revoked)]),
        Sample("refused as revoked and nobody did", [use(0, 1, .revoked)], []),
        Sample("the revocation was another credential's", [use(2, 2.1, .revoked)], [revocation(1, 1.1, of: "b")]),
        Sample("refused for a reason it does not have", [use(0, 0.1, .refused("InvalidToken"))], []),
    ]

    @Test("REV-3: finds nothing in a history that is right", arguments: good)
    func right(_ sample: Sample) {
        let history = History(uses: sample.uses, revocations: sample.revocations)
        #expect(HistoryChecker().faults(in: history).isEmpty)
    }

    @Test("REV-3: finds the one wrong answer of a history", arguments: bad)
    func wrong(_ sample: Sample) {
        let history = History(uses: sample.uses, revocations: sample.revocations)
        #expect(HistoryChecker().faults(in: history).count == 1)
    }

    @Test("REV-3: finds one wrong answer among many right ones of many credentials")
    func needle() {
        var history = History()
        for index in 0..<500 {
            let name = "credential-\(index)"
            history.revocations.append(Self.revocation(10, 10.1, of: name))
            for second in 0..<20 {
                let answer: History.Answer = second < 10 ? .accepted : .revoked
                history.uses.append(Self.use(Double(second), Double(second) + 0.2, answer, of: name))
            }
        }
        // The one that is refused from 10.0 to 10.2 is right: it ended after the revocation had begun.
        #expect(HistoryChecker().faults(in: history).isEmpty)
        let wrong = Self.use(15, 15.1, .accepted, of: "credential-77")
        history.uses.insert(wrong, at: 4321)
        #expect(HistoryChecker().faults(in: history) == [.acceptedAfterRevocation(wrong, knownSince: .seconds(10.1))])
    }
}
