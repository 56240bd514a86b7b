package import Domain
internal import Logging
package import SQLDatabase
internal import Store
package import StrictJSON

/// The settings that are changed while the server runs.
///
/// The server's value stands for all organizations; each may set a narrower one for itself (ORG-11).
package struct SettingsService: Sendable {
    /// One setting as it holds where the caller acts.
    package struct Setting: Hashable, Sendable {
        /// Whose value holds.
        package enum Source: String, Sendable {
            /// Nobody's: the one that is built in.
            case standard = "default"
            case server, organization
        }

        package let key: SettingKey
        /// The value that holds.
        package let value: Int
        package let source: Source
        /// What holds for organizations without a narrower value.
        package let serverValue: Int
        /// What the caller's organization has set for itself; it holds while it is the smaller one.
        package let organizationValue: Int?
        /// What is wrong with a stored value that is left out of account.
        package let problem: String?
    }

    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// The server's values, for a transaction that decides by them.
    package static func values(in tx: borrowing Transaction) throws -> SettingValues {
        SettingValues(stored: try SettingStore.all(in: tx))
    }

    /// The values that hold for an organization, or for what belongs to none; `known` are the server's, if the
    /// transaction has read them.
    package static func values(
        of organization: OrganizationID?,
        over known: SettingValues? = nil,
        in tx: borrowing Transaction
    ) throws -> SettingValues {
        let server = try known ?? values(in: tx)
        guard let organization else { return server }
        return server.narrowed(
            by: SettingKey.own(stored: try OrganizationSettingStore.all(of: organization, in: tx)).values
        )
    }

    /// The values that hold for everybody; bad stored ones are logged.
    package func values() async throws(ControlPlaneError) -> OrganizationSettings {
        let (server, own) = try await context.read { tx in
            (try SettingStore.all(in: tx), try OrganizationSettingStore.all(in: tx))
        }
        let (settings, faults) = OrganizationSettings.read(server: server, own: own)
        for (organization, fault) in faults {
            context.logger.warning(
                "A stored setting can't be used; the value that holds without it stands",
                metadata: [
                    "setting": "\(fault.key)", "problem": "\(fault.message)",
                    "organization_id": "\(organization?.text ?? "-")",
                ]
            )
        }
        return settings
    }

    /// All settings as they hold for the caller's organization, for whoever may see the agents they are about.
    ///
    /// A server administrator who sees no agents is shown the server's values.
    package func list(caller: Caller) async throws(ControlPlaneError) -> [Setting] {
        let isOfServer = caller.decide(.settingsRead) != .allowed && caller.decide(.serverSettings) == .allowed
        if !isOfServer { try await context.authorize(caller, .settingsRead, as: "setting.list") }
        let organization = isOfServer ? nil : caller.organizationID
        return try await context.read { tx in try Self.settings(of: organization, in: tx) }
    }

    /// Changes some settings, all or none, and answers all of them.
    ///
    /// At the level of the server, with `server:settings`, the values that stand for all organizations are changed and
    /// `null` brings the default back; at that of the organization, with `org:manage`, the caller's organization narrows
    /// them for itself and `null` gives its own value up. Where no level is named it is the server for who has
    /// `server:settings`, and the organization for everybody else.
    package func update(
        _ changes: JSONObject,
        at wantedLevel: SettingDeclaration.Level? = nil,
        caller: Caller
    ) async throws(ControlPlaneError) -> [Setting] {
        let isAdministrator = caller.decide(.serverSettings) == .allowed
        let names = wantedLevel == nil && SettingChange.namesServer(changes)
        let level = wantedLevel ?? (isAdministrator || names ? .server : .organization)
        try await context.authorize(
            caller,
            level == .server ? .serverSettings : .settingsUpdate,
            as: "setting.update"
        )
        let writing = SettingWriting(try SettingChange.read(changes, at: level), by: caller, context)
        let organization = caller.organizationID
        if level == .server {
            return try await context.write { tx in
                try writing.writeServer(in: tx)
                return try Self.settings(of: organization, in: tx)
            }
        }
        let own = try caller.requireOrganization()
        return try await context.write { tx in
            try writing.write(to: own, in: tx)
            return try Self.settings(of: own, in: tx)
        }
    }

    private static func settings(
        of organization: OrganizationID?,
        in tx: borrowing Transaction
    ) throws -> [Setting] {
        let stored = try SettingStore.all(in: tx)
        let (server, faults) = SettingValues.read(stored: stored)
        let (own, ownFaults) = SettingKey.own(
            stored: try organization.map { try OrganizationSettingStore.all(of: $0, in: tx) } ?? [:]
        )
        let problems = Dictionary(
            (faults + ownFaults).map { ($0.key, $0.message) },
            uniquingKeysWith: { first, _ in first }
        )
        let values = server.narrowed(by: own)
        return SettingKey.allCases.map { key in
            let isStored = stored[key.rawValue] != nil && !faults.contains { $0.key == key.rawValue }
            let isOwn = own[key].map { $0 <= server[key] } ?? false
            return Setting(
                key: key,
                value: values[key],
                source: isOwn ? .organization : isStored ? .server : .standard,
                serverValue: server[key],
                organizationValue: own[key],
                problem: problems[key.rawValue]
            )
        }
    }
}
