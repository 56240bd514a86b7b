import ArgumentParser

/// A custom role and single permissions, for memberships.
struct RightsOptions: ParsableArguments {
    @Option(help: "Id (rol_…) or name of a custom role; none takes it away.")
    var customRole: String?

    @Option(parsing: .singleValue, help: "A permission to give beside the role; those given replace all, none clears.")
    var grant: [String] = []

    @Option(parsing: .singleValue, help: "A permission to take away; those given replace all, none clears.")
    var deny: [String] = []

    /// What is sent; nothing if the option wasn't given.
    var granted: [String]? { Self.list(grant) }
    var denied: [String]? { Self.list(deny) }

    private static func list(_ names: [String]) -> [String]? {
        guard !names.isEmpty else { return nil }
        return names == ["none"] ? [] : names
    }
}
