package import Domain

/// Counts refusals of the hot path: at most one event per credential or address, code and minute (AUD-1).
///
/// A pure value. What it holds is bounded: behind ``maximumEntries`` different ones of a minute, the rest is counted
/// together, without address and credential. That holds too while nothing can be written and minutes pile up.
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
        package let workspaceID: WorkspaceID?
        /// Whose credential it was; anonymous if nobody knows.
        package let actor: Actor
        /// What the refusal is about, if it is known: the agent or the token that was refused.
        package let target: AuditTarget?
        package let credentialPrefix: String?
        package let address: String?
        package let surface: Surface

        package init(
            time: Instant,
            organizationID: OrganizationID? = nil,
            workspaceID: WorkspaceID? = nil,
            actor: Actor = .anonymous,
            target: AuditTarget? = nil,
            credentialPrefix: String? = nil,
            address: String? = nil,
            surface: Surface
        ) {
            self.time = time
            self.organizationID = organizationID
            self.workspaceID = workspaceID
            self.actor = actor
            self.target = target
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
        add(1, of: refusal, key: key, minute: refusal.time.microseconds / 60_000_000)
    }

    /// Puts back what was taken out and could not be written; the same bound holds.
    package mutating func putBack(_ taken: [Count]) {
        for count in taken { add(count.count, of: count.first, key: count.key, minute: count.minute) }
    }

    private mutating func add(_ number: Int64, of refusal: Refusal, key: Key, minute: Int64) {
        var slot = Slot(key: key, minute: minute)
        if counts[slot] == nil, counts.count >= Self.maximumEntries {
            // Behind the bound one line is left for each minute, and for all minutes together far behind it.
            let minute = counts.count < Self.maximumEntries * 2 ? minute : 0
            slot = Slot(key: key.withoutSource, minute: minute)
        }
        counts[slot, default: Count(key: slot.key, minute: slot.minute, first: refusal, count: 0)].count += number
    }

    /// Takes out the minutes that are over; all of them if `everything` is asked for, at the end of the process.
    package mutating func take(at now: Instant, everything: Bool = false) -> [Count] {
        let minute = now.microseconds / 60_000_000
        let due = counts.filter { everything || $0.key.minute < minute }
        for slot in due.keys { counts[slot] = nil }
        return due.values.sorted { $0.first.time < $1.first.time }
    }
}
