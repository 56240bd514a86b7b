import ClavigerServer
import Domain
import Foundation
import Store
import Testing

@Suite("Clock")
struct SystemClockTests {
    @Test("The test clock adds the offset of its file, follows it, and goes on with the last good one")
    func offset() throws {
        try withTemporaryDirectory { base in
            let path = base + "/clock"
            let clock = SystemClock.make(environment: ["CLAVIGER_TEST_CLOCK_FILE": path])
            let real = SystemClock.make(environment: [:])
            func difference() -> Int64 {
                usleep(30_000)
                return (clock.now().microseconds - real.now().microseconds + 500_000) / 1_000_000
            }
            #expect(difference() == 0)
            for (text, expected) in [("3600", 3600), ("-7200\n", -7200), ("garbage", -7200), ("", -7200), ("0", 0)] {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                #expect(abs(difference() - Int64(expected)) <= 1, "\(text)")
            }
        }
    }
}
