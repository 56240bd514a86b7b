/// The settings as they hold for everybody on a server: the server's own, and what single organizations narrowed.
///
/// Only organizations with a value of their own take up memory here, a few words each.
package struct OrganizationSettings: Hashable, Sendable {
    /// What holds where no organization has narrowed it.
    package let server: SettingValues
    private let narrowed: [OrganizationID: SettingValues]

    /// `own`: what organizations have set for themselves; a value wider than the server's counts for nothing.
    package init(server: SettingValues = SettingValues(), own: [OrganizationID: [SettingKey: Int]] = [:]) {
        self.server = server
        narrowed = own.filter { !$0.value.isEmpty }.mapValues { server.narrowed(by: $0) }
    }

    /// Takes what is stored; values that can't be used are told together with whose they are, `nil` for the server's.
    package static func read(
        server stored: [String: String],
        own: [OrganizationID: [String: String]]
    ) -> (settings: OrganizationSettings, faults: [(organization: OrganizationID?, fault: SettingFault)]) {
        let (server, serverFaults) = SettingValues.read(stored: stored)
        var faults = serverFaults.map { (organization: OrganizationID?.none, fault: $0) }
        var values: [OrganizationID: [SettingKey: Int]] = [:]
        for (organization, texts) in own {
            let (found, more) = SettingKey.own(stored: texts)
            values[organization] = found
            faults += more.map { (organization: OrganizationID?.some(organization), fault: $0) }
        }
        return (OrganizationSettings(server: server, own: values), faults)
    }

    /// What holds for the agents and sessions of an organization; the server's for what belongs to none.
    package func of(_ organization: OrganizationID?) -> SettingValues {
        organization.flatMap { narrowed[$0] } ?? server
    }

    /// The values of the server and of each organization that narrowed some.
    package var all: [SettingValues] { [server] + narrowed.values }

    /// How often the scheduler has to look, so that it looks four times in the shortest period of any organization.
    package var checkInterval: Duration { all.map(\.rotationCheckInterval).min() ?? server.rotationCheckInterval }
}

extension SettingKey {
    /// Reads what an organization has stored for itself, together with what of it can't be used.
    package static func own(stored: [String: String]) -> (values: [SettingKey: Int], faults: [SettingFault]) {
        var faults: [SettingFault] = []
        var values = values(stored: stored) { faults.append($0) }
        for key in values.keys where key.declaration.level == .server {
            values[key] = nil
            faults.append(SettingFault(key: key.rawValue, message: key.ofServerSentence))
        }
        return (values, faults)
    }

    /// Why an organization has no value of its own for it.
    package var ofServerSentence: String { "is the server's alone; an organization has no value of its own for it" }
}
