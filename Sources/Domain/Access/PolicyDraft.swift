/// What somebody writes as an organization's policy (ORG-9); kinds and roles by name, durations in days.
package struct PolicyDraft: Hashable, Sendable {
    package var maximumLifetimeDays: [String: Int]
    package var expiryRequired: [String]
    package var allowedScopes: [String: [String]]
    package var serviceTokensNeedAddresses: Bool
    package var maximumTokensPerOwner: Int?
    package var rotationIntervalDays: [String: Int]
    package var environmentOverridesKeys: Bool?

    /// Days that a lifetime or an interval may have: up to ten years.
    package static let days = 1...3650
    /// How many tokens an owner may have at most; 0 for none.
    package static let tokens = 0...10_000

    package init(
        maximumLifetimeDays: [String: Int] = [:],
        expiryRequired: [String] = [],
        allowedScopes: [String: [String]] = [:],
        serviceTokensNeedAddresses: Bool = false,
        maximumTokensPerOwner: Int? = nil,
        rotationIntervalDays: [String: Int] = [:],
        environmentOverridesKeys: Bool? = nil
    ) {
        self.maximumLifetimeDays = maximumLifetimeDays
        self.expiryRequired = expiryRequired
        self.allowedScopes = allowedScopes
        self.serviceTokensNeedAddresses = serviceTokensNeedAddresses
        self.maximumTokensPerOwner = maximumTokensPerOwner
        self.rotationIntervalDays = rotationIntervalDays
        self.environmentOverridesKeys = environmentOverridesKeys
    }

    /// The policy, or every fault there is; `customRoles` are those of the organization.
    package func checked(customRoles: Set<CustomRoleID>) -> Result<OrganizationPolicy, FieldFaults> {
        var check = FieldCheck()
        var policy = OrganizationPolicy.none
        policy.maximumLifetime = Self.durations(maximumLifetimeDays, at: "/maximum_lifetime_days", &check)
        policy.rotationInterval = Self.durations(rotationIntervalDays, at: "/rotation_interval_days", &check)
        for (place, name) in expiryRequired.enumerated() {
            guard let kind = Self.kind(name, at: "/expiry_required/\(place)", &check) else { continue }
            if !policy.expiryRequired.insert(kind).inserted {
                check.fault("/expiry_required/\(place)", "must not stand twice in the list")
            }
        }
        for (name, texts) in allowedScopes.sorted(by: { $0.key < $1.key }) {
            let path = "/allowed_scopes/\(Self.pointer(name))"
            guard let role = AccessRole(name), role.isKnown(among: customRoles) else {
                check.fault(path, "must be a role of the organization or of a workspace, or the id of a custom role")
                continue
            }
            switch ScopeSet.parse(texts, at: path) {
            case .success(let scopes): policy.allowedScopes[role] = scopes
            case .failure(let faults): for fault in faults.faults { check.fault(fault.path, fault.message) }
            }
        }
        policy.serviceTokensNeedAddresses = serviceTokensNeedAddresses
        if let maximumTokensPerOwner, !Self.tokens.contains(maximumTokensPerOwner) {
            let range = "\(Self.tokens.lowerBound) to \(Self.tokens.upperBound)"
            check.fault("/maximum_tokens_per_owner", "must be \(range), or null for no limit")
        }
        policy.maximumTokensPerOwner = maximumTokensPerOwner
        policy.environmentOverridesKeys = environmentOverridesKeys
        return check.result(policy)
    }

    private static func durations(
        _ days: [String: Int],
        at path: String,
        _ check: inout FieldCheck
    ) -> [OrganizationPolicy.CredentialKind: Duration] {
        var durations: [OrganizationPolicy.CredentialKind: Duration] = [:]
        for (name, count) in days.sorted(by: { $0.key < $1.key }) {
            guard let kind = kind(name, at: "\(path)/\(pointer(name))", &check) else { continue }
            guard Self.days.contains(count) else {
                let range = "\(Self.days.lowerBound) to \(Self.days.upperBound)"
                check.fault("\(path)/\(name)", "must be a whole number of days, \(range)")
                continue
            }
            durations[kind] = .days(count)
        }
        return durations
    }

    private static func kind(
        _ name: String,
        at path: String,
        _ check: inout FieldCheck
    ) -> OrganizationPolicy.CredentialKind? {
        if let kind = OrganizationPolicy.CredentialKind(rawValue: name) { return kind }
        if name == "agent" {
            check.fault(path, "must not be agent: how long its tokens live is the setting agent_token_rotation_days")
            return nil
        }
        let known = OrganizationPolicy.CredentialKind.allCases.map(\.rawValue).joined(separator: ", ")
        check.fault(path, "must be one of \(known)")
        return nil
    }

    /// A name as a part of a JSON pointer (RFC 6901 §3), cut short: it may be anything.
    private static func pointer(_ name: String) -> String {
        let text = name.unicodeScalars.prefix(64).map { scalar -> String in
            switch scalar {
            case "~": "~0"
            case "/": "~1"
            default: String(Character(scalar))
            }
        }
        return text.joined()
    }
}

extension AccessRole {
    fileprivate func isKnown(among customRoles: Set<CustomRoleID>) -> Bool {
        guard case .custom(let id) = self else { return true }
        return customRoles.contains(id)
    }
}

extension OrganizationPolicy {
    /// The policy as somebody would write it; a stored part of a day counts as a whole one.
    package var draft: PolicyDraft {
        PolicyDraft(
            maximumLifetimeDays: Self.days(maximumLifetime),
            expiryRequired: expiryRequired.map(\.rawValue).sorted(),
            allowedScopes: Dictionary(uniqueKeysWithValues: allowedScopes.map { ($0.key.text, $0.value.texts) }),
            serviceTokensNeedAddresses: serviceTokensNeedAddresses,
            maximumTokensPerOwner: maximumTokensPerOwner,
            rotationIntervalDays: Self.days(rotationInterval),
            environmentOverridesKeys: environmentOverridesKeys
        )
    }

    private static func days(_ durations: [CredentialKind: Duration]) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: durations.map { kind, duration in
                (kind.rawValue, Int((duration.components.seconds + 86_399) / 86_400))
            }
        )
    }
}
