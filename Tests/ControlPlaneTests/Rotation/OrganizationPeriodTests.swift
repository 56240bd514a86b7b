import ControlPlane
import Domain
import Testing

@Suite("Rotation by an organization's own settings")
struct OrganizationPeriodTests {
    @Test(
        "ORG-11, ROT-9: agents of an organization that rotates more often are due by its period, others by the server's"
    )
    func period() async throws {
        try await ControlRoom.with { room in
            _ = try await room.connectedAgent()
            room.clock.advance(.days(1))
            let other = IDSource(clock: WallClock { room.clock.now() }, random: .system).next(OrganizationID.self)
            room.settings.narrow(.agentTokenRotationDays, to: 1, of: other)
            #expect(try await room.scheduler.runOnce() == 0)
            room.settings.narrow(.agentTokenRotationDays, to: 1, of: room.organization)
            #expect(try await room.scheduler.runOnce() == 1)
        }
    }
}
