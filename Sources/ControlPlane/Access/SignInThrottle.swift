package import Domain

/// Slows down guessing at passwords without ever locking anyone out (ORG-3).
///
/// After three failures on an account each further attempt waits before it is tried: 1 s, doubling to ``longestDelay``.
/// An address that signed in to the account before has a bucket of its own, so that what strangers do never delays its
/// owner. An attempt that waits is always tried in the end; only how many wait at once is bounded: for each address,
/// whatever accounts it names, and for all that are strangers to the account, so that they leave places to the others.
package struct SignInThrottle: Sendable {
    package static let freeFailures = 3
    package static let longestDelay = Duration.seconds(20)
    package static let forgottenAfter = Duration.minutes(15)
    package static let maximumBuckets = 10_000
    package static let maximumWaiting = 256
    /// How many of these places strangers may take together.
    package static let maximumWaitingStrangers = 192
    package static let maximumWaitingPerAddress = 4

    /// Whose failures are counted together.
    package struct Bucket: Hashable, Sendable {
        let account: String
        /// The address that signed in before; absent for all others together.
        let knownAddress: String?

        package init(account: String, address: String?, isKnown: Bool) {
            self.account = account
            knownAddress = isKnown ? address : nil
        }
    }

    /// What to do with an attempt.
    package enum Decision: Hashable, Sendable {
        case now
        case wait(Duration)
        /// Too many attempts wait already.
        case refuse
    }

    private struct Failures {
        var count: Int
        var last: Instant
    }

    /// Whose waiting is counted together; the accounts are an attacker's choice and don't count.
    private struct Waiter: Hashable {
        let address: String?
        /// Whether they signed in from there to the account before: strangers behind the same address don't count.
        let isKnown: Bool
    }

    private var failures: [Bucket: Failures] = [:]
    private var waiting: [Waiter: Int] = [:]
    private var waitingKnown = 0
    private var waitingStrangers = 0

    package init() {}

    /// Says when the attempt may be tried; one that waits is over with ``waited(_:address:)``.
    package mutating func attempt(_ bucket: Bucket, address: String?, at now: Instant) -> Decision {
        forget(bucket, at: now)
        let count = failures[bucket]?.count ?? 0
        guard count >= Self.freeFailures else { return .now }
        let waiter = Waiter(address: address, isKnown: bucket.knownAddress != nil)
        guard waiting[waiter, default: 0] < Self.maximumWaitingPerAddress,
            waitingKnown + waitingStrangers < Self.maximumWaiting,
            waiter.isKnown || waitingStrangers < Self.maximumWaitingStrangers
        else { return .refuse }
        waiting[waiter, default: 0] += 1
        if waiter.isKnown { waitingKnown += 1 } else { waitingStrangers += 1 }
        let exponent = min(count - Self.freeFailures, 10)
        return .wait(min(.seconds(1 << exponent), Self.longestDelay))
    }

    /// Gives the place of an attempt that waited back.
    package mutating func waited(_ bucket: Bucket, address: String?) {
        let waiter = Waiter(address: address, isKnown: bucket.knownAddress != nil)
        guard let count = waiting[waiter] else { return }
        waiting[waiter] = count > 1 ? count - 1 : nil
        if waiter.isKnown { waitingKnown -= 1 } else { waitingStrangers -= 1 }
    }

    package mutating func failed(_ bucket: Bucket, at now: Instant) {
        if failures[bucket] == nil, failures.count >= Self.maximumBuckets {
            if let oldest = failures.min(by: { $0.value.last < $1.value.last })?.key { failures[oldest] = nil }
        }
        failures[bucket, default: Failures(count: 0, last: now)].count += 1
        failures[bucket]?.last = now
    }

    package mutating func succeeded(_ bucket: Bucket) {
        failures[bucket] = nil
    }

    private mutating func forget(_ bucket: Bucket, at now: Instant) {
        guard let last = failures[bucket]?.last, now - last > Self.forgottenAfter else { return }
        failures[bucket] = nil
    }
}
