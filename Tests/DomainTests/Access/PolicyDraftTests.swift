import Domain
import Testing

@Suite("A policy as people write it")
struct PolicyDraftTests {
    @Test("ORG-9: it comes back as it was written")
    func roundTrip() throws {
        let role = CustomRoleID(value: TypeIDValue(high: 0x7000, low: 1 << 63))
        let draft = PolicyDraft(
            maximumLifetimeDays: ["personal": 1, "service": 3650],
            expiryRequired: ["personal", "service"],
            allowedScopes: ["viewer": ["agents:read"], role.text: ["agents:*", "invoices:read"]],
            serviceTokensNeedAddresses: true,
            maximumTokensPerOwner: 10_000,
            rotationIntervalDays: ["service": 30],
            environmentOverridesKeys: false
        )
        #expect(try draft.checked(customRoles: [role]).get().draft == draft)
        #expect(try PolicyDraft().checked(customRoles: []).get() == .none)
        #expect(throws: FieldFaults.self) { try draft.checked(customRoles: []).get() }
    }

    @Test(
        "ORG-9: each figure at 0, 1, its maximum and one more",
        arguments: [(-1, false), (0, false), (1, true), (3650, true), (3651, false), (Int.max, false)]
    )
    func days(count: Int, isAccepted: Bool) {
        for draft in [
            PolicyDraft(maximumLifetimeDays: ["service": count]), PolicyDraft(rotationIntervalDays: ["service": count]),
        ] {
            #expect(((try? draft.checked(customRoles: []).get()) != nil) == isAccepted)
        }
    }

    @Test(
        "ORG-9: the number of tokens may be none",
        arguments: [(-1, false), (0, true), (10_000, true), (10_001, false)]
    )
    func tokens(count: Int, isAccepted: Bool) {
        let draft = PolicyDraft(maximumTokensPerOwner: count)
        #expect(((try? draft.checked(customRoles: []).get()) != nil) == isAccepted)
    }

    @Test("ORG-9: how long tokens of agents live is a setting, and a policy that says so too is refused with its name")
    func agents() throws {
        let draft = PolicyDraft(
            maximumLifetimeDays: ["agent": 7],
            expiryRequired: ["agent"],
            rotationIntervalDays: ["agent": 7]
        )
        guard case .failure(let faults) = draft.checked(customRoles: []) else {
            Issue.record("agent was accepted")
            return
        }
        let paths = ["/maximum_lifetime_days/agent", "/rotation_interval_days/agent", "/expiry_required/0"]
        #expect(faults.faults.map(\.path) == paths)
        #expect(faults.faults.allSatisfy { $0.message.contains("agent_token_rotation_days") })
    }

    @Test("ORG-9: garbage is refused by its place", arguments: ["", "king", "rol_x", "a/b~c", "\u{202E}", "Owner"])
    func garbage(name: String) throws {
        let draft = PolicyDraft(
            maximumLifetimeDays: [name: 1],
            expiryRequired: [name],
            allowedScopes: [name: ["agents:read"]],
            rotationIntervalDays: [name: 1]
        )
        guard case .failure(let faults) = draft.checked(customRoles: []) else {
            Issue.record("\(name) was accepted")
            return
        }
        #expect(faults.faults.count == 4)
        if name == "a/b~c" { #expect(faults.faults.contains { $0.path == "/allowed_scopes/a~1b~0c" }) }
    }
}
