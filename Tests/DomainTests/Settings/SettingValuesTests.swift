import Domain
import Testing

@Suite("Settings")
struct SettingValuesTests {
    @Test("every setting's default lies in its range and has a sentence", arguments: SettingKey.allCases)
    func declared(key: SettingKey) {
        let declaration = key.declaration
        #expect(declaration.range.contains(declaration.standard))
        #expect(declaration.sentence.hasSuffix("."))
        #expect(SettingValues()[key] == declaration.standard)
    }

    @Test("the edges of a range are accepted and what lies outside is refused", arguments: SettingKey.allCases)
    func edges(key: SettingKey) {
        let range = key.declaration.range
        for value in [range.lowerBound, range.upperBound] {
            var values = SettingValues()
            _ = values.change([.agentTokenRotationDays: 365])
            #expect(values.change([key: value]).filter { $0.message == key.rangeSentence } == [])
        }
        for value in [range.lowerBound - 1, range.upperBound + 1, Int.min, Int.max] {
            var values = SettingValues()
            #expect(values.change([key: value]).map(\.key) == [key.rawValue])
            #expect(values == SettingValues())
        }
    }

    @Test(
        "a bad stored value falls back to the default and is told",
        arguments: ["", "x", "0", "366", "7.5", "9e9", " 7"]
    )
    func fallsBack(text: String) {
        let (values, faults) = SettingValues.read(stored: ["agent_token_rotation_days": text])
        #expect(values[.agentTokenRotationDays] == 7)
        #expect(faults.map(\.key) == ["agent_token_rotation_days"])
    }

    @Test("the scheduler looks at least four times in the shortest period")
    func quarter() {
        var values = SettingValues()
        #expect(values.change([.agentTokenRotationDays: 1, .rotationCheckIntervalSeconds: 21_600]) == [])
        #expect(
            values.change([.rotationCheckIntervalSeconds: 21_601]).map(\.key) == ["rotation_check_interval_seconds"]
        )
        #expect(values.change([.agentTokenRotationDays: 2, .rotationCheckIntervalSeconds: 43_200]) == [])
        #expect(values.change([.agentTokenRotationDays: 1]).count == 1)
        let stored = SettingValues(stored: [
            "agent_token_rotation_days": "1", "rotation_check_interval_seconds": "86400",
        ])
        #expect(stored.rotationCheckInterval == .seconds(21_600))
    }

    @Test("the defaults are those the requirements name")
    func defaults() {
        let values = SettingValues()
        #expect(values.agentTokenRotationPeriod == .days(7))
        #expect(values.agentTokenGracePeriod == .minutes(5))
        #expect(values.agentOfflineAllowance == .days(30))
        #expect(values.installTokenLife == .minutes(30))
        #expect(values.sessionIdleLife == .hours(12))
        #expect(values.sessionAbsoluteLife == .days(7))
        #expect(values.rotationAckTimeout == .seconds(30))
        #expect(values.rotationCheckInterval == .hours(1))
        #expect(values.rotationRatePerSecond == 200)
    }
}

@Suite("Settings of organizations")
struct OrganizationSettingsTests {
    private static let ids = IDSource(clock: WallClock { Instant(microseconds: 0) }, random: .system)

    @Test("ORG-11: an organization's own value counts while it is narrower than the server's, and for it alone")
    func narrower() {
        let (strict, wide, other) = (Self.id(), Self.id(), Self.id())
        let settings = OrganizationSettings(
            server: SettingValues(stored: ["agent_token_rotation_days": "10"]),
            own: [strict: [.agentTokenRotationDays: 1], wide: [.agentTokenRotationDays: 20], other: [:]]
        )
        #expect(settings.of(strict)[.agentTokenRotationDays] == 1)
        #expect(settings.of(wide)[.agentTokenRotationDays] == 10)
        #expect(settings.of(other)[.agentTokenRotationDays] == 10)
        #expect(settings.of(nil)[.agentTokenRotationDays] == 10)
        #expect(settings.of(strict)[.agentTokenGracePeriodMinutes] == 5)
        let unknown = OrganizationSettings.read(
            server: [:],
            own: [strict: ["rotation_rate_per_second": "1", "x": "1"]]
        )
        #expect(unknown.settings.of(strict) == SettingValues())
        #expect(Set(unknown.faults.map(\.fault.key)) == ["rotation_rate_per_second", "x"])
        #expect(unknown.faults.allSatisfy { $0.organization == strict })
    }

    @Test("ORG-11, ROT-9: the scheduler looks four times in the shortest period of any organization")
    func interval() {
        let server = SettingValues(stored: ["rotation_check_interval_seconds": "86400"])
        #expect(OrganizationSettings(server: server).checkInterval == .days(1))
        let own = OrganizationSettings(server: server, own: [Self.id(): [.agentTokenRotationDays: 1]])
        #expect(own.checkInterval == .hours(6))
    }

    private static func id() -> OrganizationID { ids.next() }
}
