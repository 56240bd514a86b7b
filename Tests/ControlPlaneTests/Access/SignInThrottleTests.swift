import ControlPlane
import Domain
import Testing

@Suite("Sign-in throttling")
struct SignInThrottleTests {
    private let now = Instant(microseconds: 1_795_222_207_000_000)
    private let strangers = SignInThrottle.Bucket(account: "a@b", address: "192.0.2.9", isKnown: false)
    private let owner = SignInThrottle.Bucket(account: "a@b", address: "192.0.2.1", isKnown: true)

    @Test("ORG-3: attempts are delayed after three failures, never for longer than 30 s, and never refused for ever")
    func delays() {
        var throttle = SignInThrottle()
        var delays: [SignInThrottle.Decision] = []
        for _ in 0..<12 {
            delays.append(throttle.attempt(strangers, address: "192.0.2.9", at: now))
            throttle.waited(strangers, address: "192.0.2.9")
            throttle.failed(strangers, at: now)
        }
        #expect(delays.prefix(3) == [.now, .now, .now])
        let expected = [1, 2, 4, 8, 16, 20].map { SignInThrottle.Decision.wait(.seconds($0)) }
        #expect(Array(delays[3...8]) == expected)
        #expect(delays.last == .wait(SignInThrottle.longestDelay))
        #expect(SignInThrottle.longestDelay <= .seconds(30))
    }

    @Test("ORG-3: what strangers do never delays an address that signed in before")
    func ownBucket() {
        var throttle = SignInThrottle()
        for _ in 0..<1000 { throttle.failed(strangers, at: now) }
        #expect(throttle.attempt(owner, address: "192.0.2.1", at: now) == .now)
        #expect(throttle.attempt(strangers, address: "192.0.2.9", at: now) == .wait(.seconds(20)))
    }

    @Test("ORG-3: success and a quarter of an hour forget failures")
    func forgets() {
        var throttle = SignInThrottle()
        for _ in 0..<5 { throttle.failed(strangers, at: now) }
        #expect(throttle.attempt(strangers, address: nil, at: now + .minutes(16)) == .now)
        for _ in 0..<5 { throttle.failed(strangers, at: now) }
        throttle.succeeded(strangers)
        #expect(throttle.attempt(strangers, address: nil, at: now) == .now)
    }

    @Test("ORG-3: one address can't take all places of those who wait, whatever accounts it names")
    func perAddress() {
        var throttle = SignInThrottle()
        func attempt(_ number: Int, _ address: String) -> SignInThrottle.Decision {
            let bucket = SignInThrottle.Bucket(account: "x\(number)@b", address: address, isKnown: false)
            for _ in 0..<5 { throttle.failed(bucket, at: now) }
            return throttle.attempt(bucket, address: address, at: now)
        }
        let decisions = (0..<SignInThrottle.maximumWaiting).map { attempt($0, "192.0.2.9") }
        #expect(decisions.filter { $0 != .refuse }.count == SignInThrottle.maximumWaitingPerAddress)
        #expect(attempt(1, "192.0.2.10") == .wait(.seconds(20)))
        throttle.waited(strangers, address: "192.0.2.9")
        #expect(attempt(1000, "192.0.2.9") == .wait(.seconds(4)))
        #expect(attempt(1001, "192.0.2.9") == .refuse)
    }

    @Test("ORG-3: strangers from everywhere leave places to wait to those who signed in before")
    func strangersTogether() {
        var throttle = SignInThrottle()
        for _ in 0..<5 { throttle.failed(strangers, at: now) }
        for _ in 0..<5 { throttle.failed(owner, at: now) }
        let decisions = (0..<1000).map { throttle.attempt(strangers, address: "a\($0)", at: now) }
        #expect(decisions.filter { $0 != .refuse }.count == SignInThrottle.maximumWaitingStrangers)
        #expect(throttle.attempt(owner, address: "192.0.2.1", at: now) == .wait(.seconds(4)))
    }

    @Test("ORG-3: a sign-in after failures waits, is tried, and its owner's own address does not wait")
    func signIn() async throws {
        try await AccessBench.run { bench in
            _ = try await bench.owner()
            let accounts = bench.accounts
            let eve = bench.stranger("203.0.113.5")
            for _ in 0..<4 {
                await expectRefusal(.invalidCredentials) {
                    try await accounts.login(email: AccessBench.email, password: "wrong guess!", caller: eve)
                }
            }
            #expect(bench.waits.all == [.seconds(1)])
            _ = try await accounts.login(
                email: AccessBench.email,
                password: AccessBench.password,
                caller: bench.stranger()
            )
            #expect(bench.waits.all == [.seconds(1)])
            _ = try await accounts.login(email: AccessBench.email, password: AccessBench.password, caller: eve)
            #expect(bench.waits.all == [.seconds(1), .seconds(2)])
        }
    }
}
