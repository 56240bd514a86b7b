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
