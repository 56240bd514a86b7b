package import Domain
package import SQLDatabase

/// One run of a server: its name, which lasts, and an id that no other run has.
package struct NodeIdentity: Hashable, Sendable {
    /// Told apart by everybody: leases, presences and the list of nodes go by it.
    package let id: String
    /// What people know the machine by; kept in its data directory.
    package let name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    /// A new run under a name.
    package init(name: String, random: RandomSource) {
        self.init(id: "\(name).\(Hexadecimal.encode(random.bytes(6)))", name: name)
    }
}

/// The nodes that share a database; each says every second that it is there.
package enum NodeStore {
    /// Enters a node, or enters it again; nothing is trimmed from the change log until it says how far it is.
    package static func enter(
        _ node: NodeIdentity,
        version: String,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        let values: [SQLValue] = [.text(node.id), .text(node.name), .text(version), .instant(now), .instant(now)]
        try tx.execute(enter, values + [.int(0)])
    }

    /// Says that the node is there and has read the change log up to `changeLow`; answers when it had said so before.
    ///
    /// `nil` if others have taken it for gone and forgotten it.
    package static func renew(
        _ node: NodeIdentity,
        changeLow: Int64,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Instant? {
        guard let before = try tx.first(seen, [.text(node.id)], { Instant(microseconds: try $0.int(0)) }) else {
            return nil
        }
        try tx.execute(renew, [.instant(now), .int(changeLow), .text(node.id)])
        return before
    }

    /// Takes a node out, because it stops.
    package static func leave(_ node: NodeIdentity, in tx: borrowing Transaction) throws {
        try tx.execute(leave, [.text(node.id)])
    }

    /// Forgets nodes that have been gone for long, or all others if there can't be any.
    package static func forget(
        silentSince time: Instant,
        except node: NodeIdentity,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(forget, [.instant(time), .text(node.id)])
    }

    /// The oldest place in the change log that a live node has yet to read from; `nil` if no node is alive.
    package static func lowestChange(aliveSince time: Instant, in tx: borrowing Transaction) throws -> Int64? {
        try tx.first(lowest, [.instant(time)]) { try $0.optionalInt(0) } ?? nil
    }

    private static let enter: Statement = """
        INSERT INTO node (id, name, program_version, started_at, seen_at, change_low) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, change_low = excluded.change_low
        """
    private static let seen: Statement = "SELECT seen_at FROM node WHERE id = ?"
    private static let renew: Statement = "UPDATE node SET seen_at = ?, change_low = ? WHERE id = ?"
    private static let leave: Statement = "DELETE FROM node WHERE id = ?"
    private static let forget: Statement = "DELETE FROM node WHERE seen_at <= ? AND id <> ?"
    private static let lowest: Statement = "SELECT MIN(change_low) FROM node WHERE seen_at > ?"

    static let statements = [enter, seen, renew, leave, forget, lowest]
}
