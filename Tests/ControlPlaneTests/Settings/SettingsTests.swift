import ControlPlane
import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

@Suite("Changing settings")
struct SettingsTests {
    @Test("settings change together or not at all, each with its event, and null brings the default back")
    func changes() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            func value(_ key: SettingKey) async throws -> Int? {
                try await bench.settings.list(caller: caller).first { $0.key == key }?.value
            }
            _ = try await bench.settings.update(
                ["agent_token_rotation_days": 14, "rotation_rate_per_second": 10],
                caller: caller
            )
            #expect(try await value(.agentTokenRotationDays) == 14)
            #expect(try await value(.rotationRatePerSecond) == 10)
            await expectRefusal(.invalidFields) {
                try await bench.settings.update(
                    ["agent_token_rotation_days": 21, "rotation_rate_per_second": 0],
                    caller: caller
                )
            }
            #expect(try await value(.agentTokenRotationDays) == 14)
            _ = try await bench.settings.update(["agent_token_rotation_days": nil], caller: caller)
            #expect(try await value(.agentTokenRotationDays) == 7)
            let events = try await bench.events(nil).filter { $0.action == "setting.update" }
            #expect(events.count == 3)
            #expect(events.first?.before == "14" && events.first?.after == "7")
        }
    }

    @Test(
        "what can't be accepted is named field by field",
        arguments: [
            (["agent_token_rotation_days": 0], ["/agent_token_rotation_days"]),
            (["agent_token_rotation_days": 366], ["/agent_token_rotation_days"]),
            (["agent_token_rotation_days": "7"], ["/agent_token_rotation_days"]),
            (["agent_token_rotation_days": 7.5], ["/agent_token_rotation_days"]),
            (["agent_token_rotation_days": true], ["/agent_token_rotation_days"]),
            (["nonsense": 1, "a/b": 2], ["/nonsense", "/a~1b"]),
            ([:], [""]),
            (
                ["rotation_check_interval_seconds": 86400, "agent_token_rotation_days": 1],
                ["/rotation_check_interval_seconds"]
            ),
        ] as [(JSONObject, [String])]
    )
    func refuses(changes: JSONObject, paths: [String]) async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let error = await #expect(throws: ControlPlaneError.self) {
                try await bench.settings.update(changes, caller: caller)
            }
            #expect(error?.fields.map(\.path) == paths)
        }
    }

    @Test("ORG-11: values for all need the server's permission, an organization's own org:manage")
    func permissions() async throws {
        try await AccessBench.run { bench in
            let (_, owner) = try await bench.owner()
            let admin = owner.limited(to: OrganizationRole.admin.permissionSet)
            let server = owner.limited(to: .server)
            _ = try await bench.settings.update(["install_token_minutes": 5], caller: admin)
            _ = try await bench.settings.update(["rotation_ack_timeout_seconds": 5], caller: server)
            await expectRefusal(.permissionDenied) {
                try await bench.settings.update(["rotation_ack_timeout_seconds": 5], caller: admin)
            }
            await expectRefusal(.permissionDenied) {
                try await bench.settings.update(["install_token_minutes": 5], at: .server, caller: admin)
            }
            await expectRefusal(.permissionDenied) {
                try await bench.settings.update(["install_token_minutes": 5], at: .organization, caller: server)
            }
            let shown = try await bench.settings.list(caller: server).first { $0.key == .installTokenMinutes }
            #expect(shown?.value == 30 && shown?.organizationValue == nil)
            await expectRefusal(.permissionDenied) {
                try await bench.settings.list(caller: owner.limited(to: []))
            }
        }
    }

    @Test("ORG-11: an organization narrows a value for itself, never wider than the server's, and gives it up again")
    func narrowed() async throws {
        try await AccessBench.run { bench in
            let (_, owner) = try await bench.owner()
            let admin = owner.limited(to: OrganizationRole.admin.permissionSet)
            let key = SettingKey.agentTokenRotationDays
            func setting() async throws -> SettingsService.Setting? {
                try await bench.settings.list(caller: admin).first { $0.key == key }
            }
            _ = try await bench.settings.update([key.rawValue: 3], caller: admin)
            #expect(try await setting()?.value == 3)
            #expect(try await setting()?.source == .organization)
            #expect(try await bench.settings.values().server[key] == 7)
            #expect(try await bench.settings.values().of(admin.organizationID)[key] == 3)
            let error = await #expect(throws: ControlPlaneError.self) {
                try await bench.settings.update([key.rawValue: 8], caller: admin)
            }
            #expect(error?.fields.first?.message.hasPrefix("must be at most 7") == true)
            // The server's becomes narrower than theirs, and then wide again.
            _ = try await bench.settings.update([key.rawValue: 2], caller: owner)
            #expect(try await setting()?.value == 2)
            #expect(try await setting()?.source == .server)
            #expect(try await setting()?.organizationValue == 3)
            _ = try await bench.settings.update([key.rawValue: nil], caller: owner)
            #expect(try await setting()?.value == 3)
            _ = try await bench.settings.update([key.rawValue: nil], at: .organization, caller: owner)
            #expect(try await setting()?.value == 7)
            #expect(try await setting()?.source == .standard)
            let events = try await bench.events(owner.organizationID).filter { $0.action == "setting.update" }
            #expect(events.map(\.after) == ["7", "3"])
        }
    }

    @Test("a bad stored value falls back to its default and is shown as a problem")
    func badStored() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let now = bench.clock.now()
            try await bench.database.write { tx in
                try SettingStore.set("agent_token_rotation_days", to: "999", by: nil, now: now, in: tx)
            }
            let setting = try await bench.settings.list(caller: caller).first { $0.key == .agentTokenRotationDays }
            #expect(setting?.value == 7)
            #expect(setting?.problem != nil)
            #expect(try await bench.settings.values().server[.agentTokenRotationDays] == 7)
        }
    }
}
