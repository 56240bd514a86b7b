import Domain
import Testing

@Suite("The life of an identity")
struct IdentityLifecycleTests {
    static let table: [IdentityEvent: [IdentityState: IdentityState]] = [
        .enroll: [.pending: .pending],
        .activate: [.pending: .active, .active: .active],
        .pause: [.active: .paused, .paused: .paused],
        .resume: [.active: .active, .paused: .active],
        .revoke: [.pending: .revoked, .active: .revoked, .paused: .revoked, .revoked: .revoked],
        .reset: [.pending: .pending, .active: .pending, .paused: .pending, .revoked: .pending],
        .regenerate: [.pending: .pending],
        .rotate: [.active: .active],
        .delete: [.pending: .revoked, .active: .revoked, .paused: .revoked, .revoked: .revoked],
    ]

    func fire(_ event: IdentityEvent, _ machine: inout IdentityLifecycle) throws {
        switch event {
        case .enroll: try machine.enroll()
        case .activate: _ = try machine.activate()
        case .pause: _ = try machine.pause()
        case .resume: _ = try machine.resume()
        case .revoke: _ = try machine.revoke()
        case .reset: _ = try machine.reset()
        case .regenerate: try machine.regenerate()
        case .rotate: try machine.rotate()
        case .delete: _ = try machine.delete()
        }
    }

    @Test(
        "AGT-3, AGT-5, AGT-6, REV-1, REV-2: every event in every state goes where the table says, or is refused",
        arguments: IdentityEvent.allCases,
        IdentityState.allCases
    )
    func table(event: IdentityEvent, state: IdentityState) {
        var machine = IdentityLifecycle(state: state)
        if let next = Self.table[event]?[state] {
            #expect(throws: Never.self) { try fire(event, &machine) }
            #expect(machine.state == next)
        } else {
            #expect(throws: IdentityRefusal(event: event, state: state, isDeleted: false)) {
                try fire(event, &machine)
            }
            #expect(machine.state == state)
        }
    }

    @Test("AGT-9: nothing moves a deleted identity", arguments: IdentityEvent.allCases)
    func deleted(event: IdentityEvent) throws {
        var machine = IdentityLifecycle(state: .active)
        _ = try machine.delete()
        #expect(throws: IdentityRefusal.self) { try fire(event, &machine) }
    }

    @Test(
        "AGT-1: names of 0, 1, 255 and 256 characters",
        arguments: [(0, false), (1, true), (255, true), (256, false)]
    )
    func names(length: Int, isAccepted: Bool) {
        let draft = AgentDraft(name: String(repeating: "é", count: length))
        switch draft.checked() {
        case .success(let profile):
            #expect(isAccepted)
            #expect(profile.slug == "agent")
        case .failure(let faults):
            #expect(!isAccepted)
            #expect(faults.faults.map(\.path) == ["/name"])
        }
    }

    @Test("AGT-1: a slug is made from the name, and a patch keeps, clears and sets")
    func slugAndPatch() throws {
        let profile = try AgentDraft(name: "  Billing  Bot №1!", region: "eu").checked().get()
        #expect(profile.slug == "billing-bot-1")
        var patch = AgentPatch()
        patch.name = .set("Other")
        patch.region = .clear
        let changed = try patch.applied(to: profile).checked().get()
        #expect(changed.name == "Other" && changed.slug == profile.slug && changed.region == nil)
        patch.name = .clear
        #expect(throws: FieldFaults.self) { try patch.applied(to: profile).checked().get() }
    }
}
