import ControlPlane
import Domain
import SQLDatabase
import Store
import TestDatabases
import Testing

@Suite("A change log with more than one look takes")
struct FullBatchTests {
    @Test("REV-3: a node that has read a full batch is fresh only once it came to the end of the log")
    func freshness() async throws {
        try await ControlRoom.with { room in
            var position = await room.followed()
            room.status.succeeded(begunAt: .now - .seconds(2))
            let count = ChangeFollower.batch + 1
            try await room.database.write { tx in
                for number in 0..<count {
                    try tx.execute(
                        "INSERT INTO setting (name, value, updated_at, version) VALUES (?, '1', 0, 1)",
                        [.text("s\(number)")]
                    )
                }
            }
            await room.follower.poll(&position)
            guard room.database.dialect == .sqlite else {
                #expect(!position.hasMore && room.status.isFresh(within: .seconds(1)), "PostgreSQL reads all at once")
                return
            }
            #expect(position.hasMore)
            #expect(!room.status.isFresh(within: .seconds(1)))
            await room.follower.poll(&position)
            #expect(!position.hasMore)
            #expect(room.status.isFresh(within: .seconds(1)))
            #expect(room.status.entries >= Int64(count))
        }
    }

    @Test("REV-3: after a silence of the follower nothing that was in memory counts any more")
    func silence() async throws {
        try await ControlRoom.with { room in
            let index = room.context.credentials
            var position = await room.followed()
            index.follower.succeeded(begunAt: .now + .seconds(3600))
            _ = try await index.load(IndexSample.hash(1)) { IndexSample.token() }
            #expect(index.size.known == 1)
            await room.follower.poll(&position)
            #expect(index.size.known == 1, "a short pause changes nothing")
            room.status.succeeded(begunAt: .now - .seconds(9))
            await room.follower.poll(&position)
            #expect(index.size.known == 0)
        }
    }
}
