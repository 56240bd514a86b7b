import ControlPlane
import Domain
import Store
import Testing

@Suite("What ends rights on a full disk")
struct FullDiskDoorTests {
    enum Door: CaseIterable {
        case pause, revoke, bulk, shownToken, shownSession, workspaceMember
    }

    @Test("AUD-1: tokens, sessions and members are stopped on a full disk, by every door", arguments: Door.allCases)
    func doors(_ door: Door) async throws {
        try await TokenBench.run { bench in
            let grant = try await bench.create("t")
            let id = grant.view.token.id
            let member = try await bench.member("dev@example.org", .developer)
            let session = try await bench.bench.accounts.login(
                email: AccessBench.email,
                password: AccessBench.password,
                caller: bench.bench.stranger()
            )
            let disk = FillingDisk(bench.bench.database)
            let context = bench.bench.context.on(disk)
            let tokens = TokenService(context: context, limits: LimitService(context: context), routes: RouteActions())
            disk.fill()
            var name = APITokenPatch()
            name.name = .set("other")
            let patch = name
            await expectRefusal(.unavailable) { try await tokens.update(id, patch, caller: bench.owner) }
            switch door {
            case .pause:
                #expect(try await tokens.pause(id, reason: nil, caller: bench.owner).token.state == .paused)
            case .revoke:
                #expect(try await tokens.revoke(id, reason: nil, caller: bench.owner).token.state == .revoked)
            case .bulk:
                let order = TokenBulkOrder(.revoke, TokenQuery(), isDryRun: false, reason: nil)
                let lines = try await tokens.bulk(order, caller: bench.owner).items
                #expect(lines.map(\.view.token.state) == [.revoked])
            case .shownToken, .shownSession:
                let verification = VerificationService(context)
                let text = door == .shownToken ? grant.token : session.token
                #expect(try await verification.revoke(text.revealed(), caller: bench.owner))
            case .workspaceMember:
                let members = WorkspaceMemberService(context: context, routes: RouteActions())
                let workspace = try bench.workspace
                let found = try await members.list(workspace, caller: bench.owner)
                let user = try #require(found.first { $0.user.email == member.actor.name })
                var pause = MembershipPatch()
                pause.status = "paused"
                let patch = pause
                let view = try await members.update(user.memberID, in: workspace, patch, caller: bench.owner)
                #expect(view.status == .paused)
            }
        }
    }
}

extension VerificationService {
    fileprivate init(_ context: ControlPlaneContext) {
        let denials = DenialRecorder(context: context)
        self.init(
            context: context,
            authentication: AuthenticationService(context: context, denials: denials),
            denials: denials,
            limits: LimitService(context: context),
            usage: UsageRecorder(context: context),
            routes: RouteActions()
        )
    }
}
