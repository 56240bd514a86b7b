import ClavigerWire
import StrictJSON

/// How people, places, roles and plans look.
enum AccessReport {
    static func organizations(_ all: [OwnOrganizationResponse]) throws -> Report {
        let rows = all.map { own in
            let workspaces = own.workspaces.map(\.name).joined(separator: ", ")
            return [
                Cell(own.name), Cell(own.isCurrent ? "this one" : "", .good), Cell(own.role), status(own.status),
                Cell(workspaces), Cell(own.id, .faint),
            ]
        }
        return try Report(Table(["name", "current", "role", "status", "workspaces", "id"], rows), list: all)
    }

    static func allOrganizations(_ all: [OrganizationResponse]) throws -> Report {
        let rows = all.map { one in
            [Cell(one.name), Cell(one.plan?.name), Cell(one.createdAt), Cell(one.id, .faint)]
        }
        return try Report(Table(["name", "plan", "created", "id"], rows), list: all)
    }

    static func organization(_ one: OrganizationResponse) throws -> Report {
        var rows: [(String, Cell)] = [
            ("id", Cell(one.id)), ("name", Cell(one.name)), ("created", Cell(one.createdAt)),
            ("plan", Cell(one.plan?.name)),
        ]
        if let plan = one.plan {
            rows += [
                ("per second", figure(plan.burst)), ("per minute", figure(plan.perMinute)),
                ("per hour", figure(plan.perHour)), ("per day", figure(plan.perDay)),
                ("per month", figure(plan.monthlyQuota)),
            ]
        }
        return try Report(Table(details: rows), json: one)
    }

    static func workspaces(_ all: [WorkspaceResponse]) throws -> Report {
        let rows = all.map { one in
            [Cell(one.name), Cell(one.isCurrent ? "this one" : "", .good), Cell(one.createdAt), Cell(one.id, .faint)]
        }
        return try Report(Table(["name", "current", "created", "id"], rows), list: all)
    }

    static func workspaceMembers(_ all: [WorkspaceMemberResponse]) throws -> Report {
        let rows = all.map { one in
            [
                Cell(one.email), Cell(one.customRole?.name ?? one.role), status(one.status), names(one.grant),
                names(one.deny), Cell(one.memberID, .faint),
            ]
        }
        return try Report(Table(["e-mail", "role", "status", "grants", "denials", "id"], rows), list: all)
    }

    static func members(_ all: [MemberResponse]) throws -> Report {
        let rows = all.map { one in
            [
                Cell(one.email), Cell(one.user?.name), Cell(one.customRole?.name ?? one.role), status(one.status),
                Cell(places(one)), Cell(one.id, .faint),
            ]
        }
        return try Report(Table(["e-mail", "name", "role", "status", "workspaces", "id"], rows), list: all)
    }

    static func member(_ one: MemberResponse) throws -> Report {
        let rows: [(String, Cell)] = [
            ("id", Cell(one.id)), ("e-mail", Cell(one.email)), ("name", Cell(one.user?.name)),
            ("status", status(one.status)), ("role", Cell(one.role)), ("custom role", Cell(one.customRole?.name)),
            ("grants", names(one.grant)), ("denials", names(one.deny)), ("workspaces", Cell(places(one))),
            ("since", Cell(one.createdAt)),
        ]
        return try Report(Table(details: rows), json: one)
    }

    static func invitations(_ all: [InvitationResponse]) throws -> Report {
        let rows = all.map { one in
            [
                Cell(one.email), Cell(one.customRole?.name ?? one.role), Cell(one.invitedBy?.name), Cell(one.expiresAt),
                Cell(one.id, .faint),
            ]
        }
        return try Report(Table(["e-mail", "role", "invited by", "until", "id"], rows), list: all)
    }

    static func roles(_ all: [RoleResponse]) throws -> Report {
        let rows = all.map { [Cell($0.name), names($0.permissions), Cell($0.description), Cell($0.id, .faint)] }
        return try Report(Table(["name", "permissions", "description", "id"], rows), list: all)
    }

    static func role(_ one: RoleResponse) throws -> Report {
        let rows: [(String, Cell)] = [
            ("id", Cell(one.id)), ("name", Cell(one.name)), ("description", Cell(one.description)),
            ("permissions", names(one.permissions)),
        ]
        return try Report(Table(details: rows), json: one)
    }

    static func plans(_ all: [PlanResponse]) throws -> Report {
        let rows = all.map { one in
            [
                Cell(one.name), Cell(one.isBuiltIn ? "yes" : "no"), figure(one.burst), figure(one.perMinute),
                figure(one.perHour), figure(one.perDay), figure(one.monthlyQuota), Cell(one.id, .faint),
            ]
        }
        let headings = [
            "name", "built in", "per second", "per minute", "per hour", "per day", "per month", "id",
        ]
        return try Report(Table(headings, rows), list: all)
    }

    static func policy(_ one: PolicyResponse) throws -> Report {
        let scopes = one.allowedScopes.sorted { $0.key < $1.key }
            .map { "\($0.key): \($0.value.joined(separator: " "))" }.joined(separator: "; ")
        let rows: [(String, Cell)] = [
            ("longest life", days(one.maximumLifetimeDays)), ("expiry required", names(one.expiryRequired)),
            ("allowed scopes", Cell(scopes)),
            ("service tokens need addresses", Cell(one.serviceTokensNeedAddresses ? "yes" : "no")),
            ("tokens per owner", figure(one.maximumTokensPerOwner)), ("rotation", days(one.rotationIntervalDays)),
            ("environment over keys", Cell(one.environmentOverridesKeys.map { $0 ? "yes" : "no" })),
            ("version", Cell("\(one.version)")),
        ]
        return try Report(Table(details: rows), json: one)
    }

    static func permissions(_ view: PermissionsResponse) throws -> Report {
        let rows = view.permissions.map { line in
            let sources = line.sources.map { $0.role ?? $0.kind }.joined(separator: ", ")
            let tone: Cell.Tone = line.held == "whole" ? .good : line.held == "part" ? .warning : .bad
            return [
                Cell(line.permission), Cell(line.held, tone), Cell(sources), names(line.withheldBy),
                names(line.scopes ?? []),
            ]
        }
        return try Report(Table(["permission", "held", "from", "withheld by", "scopes"], rows), json: view)
    }

    private static func status(_ text: String) -> Cell {
        switch text {
        case "active": Cell(text, .good)
        case "removed": Cell(text, .bad)
        default: Cell(text, .warning)
        }
    }

    private static func names(_ all: [String]) -> Cell { Cell(all.joined(separator: ", ")) }

    private static func figure(_ number: Int?) -> Cell { Cell(number.map { "\($0)" }) }

    private static func days(_ all: [String: Int]) -> Cell {
        Cell(all.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value) days" }.joined(separator: ", "))
    }

    private static func places(_ one: MemberResponse) -> String {
        one.workspaces.map { "\($0.workspace.name) (\($0.customRole?.name ?? $0.role))" }.joined(separator: ", ")
    }
}
