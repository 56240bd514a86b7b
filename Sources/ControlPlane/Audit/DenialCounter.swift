package import Domain

/// Counts refusals of the hot path: at most one event per credential or address, code and minute (AUD-1).
///
/// A pure value. What it holds is bounded: behind ``maximumEntries`` different ones of a minute, the rest is counted
/// together, without address and credential.
package struct DenialCounter: Sendable {
    /// What is counted together.
    package struct Key: Hashable, Sendable {
        package let action: String
        package let code: String
        /// The credential that was shown, or else the address it came from.
        package let credentialID: CredentialID?
        package let address: String?

        package init(action: String, code: String, credentialID: CredentialID?, address: String?) {
            self.action = action
            self.code = code
            self.credentialID = credentialID
            self.address = credentialID == nil ? address : nil
        }

        var withoutSource: Key { Key(action: action, code: code, credentialID: nil, address: nil) }
    }

    /// One line of a minute.
    package struct Count: Hashable, Sendable {
        package let key: Key
        /// The minute, counted from 1970.
        package let minute: Int64
        /// What the first refusal of the minute knew of its caller.
        package let first: Refusal
        package fileprivate(set) var count: Int64
    }

    /// One refusal.
    package struct Refusal: Hashable, Sendable {
        package let time: Instant
        package let organizationID: OrganizationID?
        package let credentialPrefix: String?
        package let address: String?
        package let surface: Surface

        package init(
            time: Instant,
            organizationID: OrganizationID? = nil,
            credentialPrefix: String? = nil,
            address: String? = nil,
            surface: Surface
        ) {
            self.time = time
            self.organizationID = organizationID
            self.credentialPrefix = credentialPrefix
            self.address = address
            self.surface = surface
        }
    }

    package static let maximumEntries = 4096

    private struct Slot: Hashable, Sendable {
        let key: Key
        let minute: Int64
    }

    private var counts: [Slot: Count] = [:]

    package init() {}

    package mutating func add(_ refusal: Refusal, key: Key) {
        let minute = refusal.time.microseconds / 60_000_000
        var slot = Slot(key: key, minute: minute)
        if counts[slot] == nil, counts.count >= Self.maximumEntries {
            slot = Slot(key: key.withoutSource, minute: minute)
        }
        counts[slot, default: Count(key: slot.key, minute: minute, first: refusal, count: 0)].count += 1
    }

    /// Takes out the minutes that are over; all of them if `everything` is asked for, at the end of the process.
    package mutating func take(at now: Instant, everything: Bool = false) -> [Count] {
        let minute = now.microseconds / 60_000_000
        let due = counts.filter { everything || $0.key.minute < minute }
        for slot in due.keys { counts[slot] = nil }
        return due.values.sorted { $0.first.time < $1.first.time }
    }
}
