internal import Synchronization

/// Makes ids: UUIDv7 (RFC 9562 §5.7), strictly growing within a process, even if the clock stands still or goes back.
///
/// The 12 bits behind the millisecond are a counter that starts at a random value below 2048 (RFC 9562 §6.2, method 1);
/// when it runs over, the millisecond is advanced. The last 62 bits are random in each id.
package struct IDSource: Sendable {
    private let clock: WallClock
    private let random: RandomSource
    private let sequence = MonotonicSequence()

    package init(clock: WallClock, random: RandomSource) {
        self.clock = clock
        self.random = random
    }

    package func next<ID: EntityID>(_: ID.Type = ID.self) -> ID {
        let bytes = random.bytes(10)
        let noise = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let seed = bytes.suffix(2).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } & 0x7FF
        let milliseconds = UInt64(max(0, clock.now().microseconds / 1000)) & 0xFFFF_FFFF_FFFF
        let (time, counter) = sequence.advance(to: milliseconds, seed: seed)
        return ID(
            value: TypeIDValue(
                high: time << 16 | 0x7000 | counter,
                low: 1 << 63 | noise & 0x3FFF_FFFF_FFFF_FFFF
            )
        )
    }
}

private final class MonotonicSequence: Sendable {
    private struct State {
        var milliseconds: UInt64 = 0
        var counter: UInt64 = 0
    }

    private let state = Mutex(State())

    func advance(to milliseconds: UInt64, seed: UInt64) -> (milliseconds: UInt64, counter: UInt64) {
        state.withLock { state in
            if milliseconds > state.milliseconds {
                state.milliseconds = milliseconds
                state.counter = seed
            } else if state.counter < 0xFFF {
                state.counter += 1
            } else {
                state.milliseconds += 1
                state.counter = seed
            }
            return (state.milliseconds, state.counter)
        }
    }
}
