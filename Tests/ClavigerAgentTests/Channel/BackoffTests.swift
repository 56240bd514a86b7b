import ClavigerAgent
import Testing

@Suite("Waiting and closing")
struct BackoffTests {
    @Test("AGT-7: the wait doubles from 1 s to 60 s, within 20 % either way")
    func doubling() {
        for (chance, factor) in [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)] {
            var backoff = Backoff()
            for seconds in [1.0, 2, 4, 8, 16, 32, 60, 60, 60] {
                let wait = backoff.next(chance: chance)
                #expect(abs(wait / .seconds(1) - seconds * factor) < 0.001)
            }
        }
    }

    @Test("AGT-7: a connection that was accepted starts the wait over")
    func reset() {
        var backoff = Backoff()
        for _ in 0..<70 { _ = backoff.next(chance: 0.5) }
        backoff.reset()
        let wait = backoff.next(chance: 0.5)
        #expect(wait == .seconds(1))
    }

    @Test("AGT-7: Retry-After is honoured, up to an hour")
    func retryAfter() {
        var backoff = Backoff()
        for (asked, expected) in [(0, 1), (90, 90), (86_400, 3_600)] {
            let wait = backoff.next(chance: 0.5, retryAfter: .seconds(asked))
            #expect(wait == .seconds(expected))
        }
    }

    @Test("REV-2: after pause, block and replacement at least 60 s pass", arguments: [0.0, 0.3, 0.999])
    func long(chance: Double) {
        let wait = Backoff().long(chance: chance)
        #expect(wait >= .seconds(60))
        #expect(wait <= .seconds(72))
    }

    @Test("REV-2: only the codes revoked, deleted and reset erase, of all there are")
    func closeCodes() {
        for code in UInt16.min...UInt16.max {
            let expected: CloseMeaning? =
                switch code {
                case 4001: .erase(.revoked)
                case 4002: .erase(.deleted)
                case 4003: .erase(.reset)
                case 4004, 4005, 4006: .waitLong
                case 4007: .reconnect
                case 4400, 4401: .fault
                default: nil
                }
            let meaning = CloseMeaning(code: code)
            if let expected {
                #expect(meaning == expected)
            } else if meaning != .reconnect, meaning != .fault {
                Issue.record("\(code) must not mean \(meaning)")
            }
        }
    }
}
