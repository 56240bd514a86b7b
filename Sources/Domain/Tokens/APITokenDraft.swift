/// What somebody writes to make or change a token, not yet checked (TOK-1, TOK-8).
///
/// ``checked(registered:isAdmin:now:)`` makes a profile and an expiry of it or names every faulty field. Whether
/// owner and policy allow it is asked of ``Grantor`` and ``OrganizationPolicy``, and whether its limits may be wider
/// than the plan's of the plan and whoever writes them.
package struct APITokenDraft: Hashable, Sendable {
    /// When the token ends.
    package enum Expiry: Hashable, Sendable {
        /// One of ``presets`` in days.
        case days(Int)
        /// An RFC 3339 time in the future, to the end of the year 9999.
        case date(String)
        /// Never; policies may refuse it.
        case none
    }

    /// The lives that can be chosen by number, in days.
    package static let presets = [7, 30, 90, 365]
    package static let maximumTags = 50
    package static let maximumAddresses = 100

    package var name: String
    package var description: String
    package var scopes: [String]
    package var tags: [String]
    package var addresses: [String]
    package var serves: String?
    /// Limits of its own; those that are absent are its plan's.
    package var limits: LimitFigures
    package var expiry: Expiry

    package init(
        name: String,
        description: String = "",
        scopes: [String],
        tags: [String] = [],
        addresses: [String] = [],
        serves: String? = nil,
        limits: LimitFigures = LimitFigures(),
        expiry: Expiry
    ) {
        self.name = name
        self.description = description
        self.scopes = scopes
        self.tags = tags
        self.addresses = addresses
        self.serves = serves
        self.limits = limits
        self.expiry = expiry
    }

    /// A draft without fault.
    package struct Checked: Hashable, Sendable {
        package let profile: APITokenProfile
        package let expiresAt: Instant?
    }

    /// Reads all fields.
    ///
    /// `registered`: the scopes the organization registered, by name.
    /// `isAdmin`: whether the caller holds `org:manage`.
    package func checked(
        registered: [String: RegisteredScope] = [:],
        isAdmin: Bool = false,
        now: Instant
    ) -> Result<Checked, FieldFaults> {
        var check = FieldCheck()
        let name = check.line(name, at: "/name", 1...255)
        let description = check.line(description, at: "/description", 0...1024)
        let tags = Self.tags(tags, &check)
        let addresses = Self.addresses(addresses, &check)
        let serves = serves.map { check.line($0, at: "/serves", 1...255) }
        for fault in limits.faults { check.fault("/limits/\(fault.field)", fault.message) }
        let expiresAt = Self.expiry(expiry, now: now, &check)
        switch ScopeSet.check(scopes, registered: registered, isAdmin: isAdmin) {
        case .failure(let faults):
            return .failure(FieldFaults(faults: faults.faults + check.faults))
        case .success(let scopes):
            let profile = APITokenProfile(
                name: name,
                description: description,
                scopes: scopes,
                tags: tags,
                addresses: addresses,
                serves: serves,
                limits: limits == LimitFigures() ? nil : LimitOverride(limits)
            )
            return check.result(Checked(profile: profile, expiresAt: expiresAt))
        }
    }

    private static func tags(_ tags: [String], _ check: inout FieldCheck) -> [String] {
        guard tags.count <= maximumTags else {
            check.fault("/tags", "must be at most \(maximumTags) tags")
            return []
        }
        for (place, tag) in tags.enumerated() {
            _ = check.line(tag, at: "/tags/\(place)", 1...64)
            if tags[..<place].contains(tag) { check.fault("/tags/\(place)", "must not stand twice in the list") }
        }
        return tags
    }

    private static func addresses(_ texts: [String], _ check: inout FieldCheck) -> [AddressRange] {
        guard texts.count <= maximumAddresses else {
            check.fault("/addresses", "must be at most \(maximumAddresses) addresses or ranges")
            return []
        }
        var ranges: [AddressRange] = []
        for (place, text) in texts.enumerated() {
            do throws(AddressFault) {
                let range = try AddressRange(parsing: text)
                if ranges.contains(range) { check.fault("/addresses/\(place)", "must not stand twice in the list") }
                ranges.append(range)
            } catch {
                check.fault("/addresses/\(place)", error.message)
            }
        }
        return ranges
    }

    private static func expiry(_ expiry: Expiry, now: Instant, _ check: inout FieldCheck) -> Instant? {
        switch expiry {
        case .none: return nil
        case .days(let days):
            guard presets.contains(days) else {
                let known = presets.map(String.init).joined(separator: ", ")
                check.fault("/expires_in_days", "must be one of \(known)")
                return nil
            }
            return now + .days(days)
        case .date(let text):
            guard let date = Instant(rfc3339: text) else {
                check.fault("/expires_at", "must be an RFC 3339 time, like 2030-01-31T00:00:00Z")
                return nil
            }
            if date <= now { check.fault("/expires_at", "must lie in the future") }
            return date
        }
    }
}
