import Domain
import Testing

@Suite("Memberships and owners")
struct MembershipRulesTests {
    @Test("ORG-4: what a membership may become")
    func transitions() {
        let table: [MembershipStatus: Set<MembershipStatus>] = [
            .invited: [.invited, .active, .removed], .active: [.active, .paused, .removed],
            .paused: [.paused, .active, .removed], .removed: [.removed, .invited],
        ]
        for from in MembershipStatus.allCases {
            for to in MembershipStatus.allCases { #expect(from.mayBecome(to) == table[from]?.contains(to)) }
        }
    }

    static let changes: [OwnerChange] =
        OrganizationRole.allCases.flatMap { role in
            MembershipStatus.allCases.map { .become(Membership(role: role, status: $0)) }
        } + [
            .suspend, .delete,
            .become(Membership(role: .owner, status: .active, customRole: EffectiveAccessTests.role(.all))),
            .become(Membership(role: .owner, status: .active, overrides: .init(denied: PermissionSet(.orgManage)))),
        ]

    func isRefused(_ candidates: [OwnerCandidate], _ number: UInt64, _ change: OwnerChange) -> Bool {
        (try? LastOwner.check(candidates, changing: id(number), change)) == nil
    }

    func candidate(_ number: UInt64, _ role: OrganizationRole, _ status: MembershipStatus = .active) -> OwnerCandidate {
        OwnerCandidate(id: id(number), membership: Membership(role: role, status: status))
    }

    @Test("ORG-10: the last active owner can't be removed, paused, demoted, bound or suspended", arguments: changes)
    func last(change: OwnerChange) {
        let keeps = change == .become(Membership(role: .owner, status: .active))
        var suspended = candidate(4, .owner)
        suspended.isSuspended = true
        let others = [candidate(2, .admin), candidate(3, .owner, .invited), suspended, candidate(5, .owner, .paused)]
        #expect(isRefused([candidate(1, .owner)] + others, 1, change) == !keeps)
        #expect(!isRefused([candidate(1, .owner), candidate(2, .owner)], 1, change))
        for number in 2...5 as ClosedRange<UInt64> {
            #expect(!isRefused([candidate(1, .owner)] + others, number, change))
        }
    }

    @Test("ORG-10: over 2,000 random histories an organization that has an owner keeps one")
    func histories() {
        var random = SeededGenerator(seed: 10)
        for _ in 0..<2000 {
            var all = (1...3).map { candidate($0, .owner) }
            for _ in 0..<12 {
                guard let change = Self.changes.randomElement(using: &random),
                    let place = all.indices.randomElement(using: &random)
                else { continue }
                guard !isRefused(all, UInt64(place + 1), change) else { continue }
                switch change {
                case .become(let membership): all[place].membership = membership
                case .suspend: all[place].isSuspended = true
                case .delete: all[place].membership = Membership(role: .owner, status: .removed)
                }
                #expect(all.contains { $0.isOwnerInForce })
            }
        }
    }
}
