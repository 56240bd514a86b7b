import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Notices of expiry")
struct ExpiryNoticesTests {
    @Test("TOK-7: the owner hears 14, 3 and 1 days before the end and at it, once each, whoever else runs the job")
    func stages() async throws {
        try await TokenBench.run { bench in
            let id = try await bench.create("ends", expiry: .days(30)).view.token.id
            let end = bench.bench.clock.now() + .days(30)
            let jobs = (0..<2).map { _ in ExpiryNotices(context: bench.bench.context) }
            var told: [String] = []
            for (left, notice) in [
                (Duration.days(14) + .microseconds(1), nil), (.days(14), "14d"), (.days(3) + .microseconds(1), nil),
                (.days(3), "3d"), (.days(1), "1d"), (.microseconds(1), nil), (.zero, "expired"), (.days(-6), nil),
            ] as [(Duration, String?)] {
                bench.bench.clock.advance(by: end - left - bench.bench.clock.now())
                for job in jobs { _ = try await job.runOnce() }
                if let notice { told.append(notice) }
                let found = try await bench.notifications()
                #expect(found.map(\.notice) == told, "\(left) before the end")
                #expect(found.allSatisfy { $0.subject.id == id.text && $0.userID?.text == bench.owner.actor.id })
            }
        }
    }

    @Test("TOK-7, ROT-13: who has to rotate hears of it at the demand, a day before the time is over, and when it is")
    func demands() async throws {
        try await TokenBench.run { bench in
            let job = ExpiryNotices(context: bench.bench.context)
            let member = try await bench.member("dev@example.org", .developer)
            let ids = [
                try await bench.create("endless", expiry: .none, by: member).view.token.id,
                try await bench.create("month", expiry: .days(30), by: member).view.token.id,
            ]
            let deadline = bench.bench.clock.now() + .hours(72)
            for id in ids {
                for _ in 1...2 { _ = try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: bench.owner) }
            }
            let told = try await bench.notifications()
            #expect(told.map(\.kind) == ["token.rotation_required", "token.rotation_required"])
            #expect(told.allSatisfy { $0.userID?.text == member.actor.id && $0.body.contains(deadline.rfc3339) })
            #expect(try await job.runOnce() == 0)
            bench.bench.clock.advance(by: .hours(48))
            #expect(try await job.runOnce() == 2)
            bench.bench.clock.advance(by: .hours(24))
            #expect(try await job.runOnce() == 2)
            #expect(try await bench.notifications().suffix(4).map(\.notice) == ["1d", "1d", "expired", "expired"])
            #expect(try await bench.notifications().last?.body.contains(deadline.rfc3339) == true)
            bench.bench.clock.advance(by: .days(14))
            #expect(try await job.runOnce() == 0, "it ended by the demand, and its life's end is no news")
        }
    }

    @Test("TOK-7: a short life, a revoked token and one without an end are not told of; a rotation begins anew")
    func untold() async throws {
        try await TokenBench.run { bench in
            let job = ExpiryNotices(context: bench.bench.context)
            _ = try await bench.create("week", expiry: .days(7))
            _ = try await bench.create("endless", expiry: .none)
            let revoked = try await bench.create("revoked", expiry: .days(30)).view.token.id
            _ = try await bench.tokens.revoke(revoked, reason: nil, caller: bench.owner)
            #expect(try await job.runOnce() == 0)
            bench.bench.clock.advance(by: .days(5))
            #expect(try await job.runOnce() == 1, "the week's token is three days from its end")
            bench.bench.clock.advance(by: .days(23))
            #expect(try await job.runOnce() == 0, "it ended long ago")

            let account = try await bench.account("robot", .viewer)
            let service = try await bench.create("s", expiry: .days(30), for: .serviceAccount(account.id)).view.token.id
            bench.bench.clock.advance(by: .days(28))
            #expect(try await job.runOnce() == 1, "only the nearest of the notices that were reached")
            #expect(try await bench.notifications().last?.userID == nil)
            _ = try await bench.tokens.rotate(service, grace: .zero, reason: nil, caller: bench.owner)
            #expect(try await job.runOnce() == 0)
            bench.bench.clock.advance(by: .days(16))
            #expect(try await job.runOnce() == 1)
        }
    }
}

extension Notification {
    /// Which of the notices it is.
    fileprivate var notice: String { String(once.split(separator: "/").last ?? "") }
}

extension TokenBench {
    fileprivate func notifications() async throws -> [Notification] {
        let organization = try organization
        return try await bench.database.read { tx in try NotificationStore.list(of: organization, in: tx) }
    }
}
