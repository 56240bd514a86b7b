/// What somebody writes to make or change a protected API, not yet checked (TOK-5).
package struct ProtectedAPIDraft: Hashable, Sendable {
    package static let maximumScopes = 100

    package var name: String
    package var audience: String?
    package var requiredScopes: [String]
    /// The kinds by their words: `personal`, `service`, `session`, `agent`.
    package var acceptedKinds: [String]

    package init(
        name: String,
        audience: String? = nil,
        requiredScopes: [String] = [],
        acceptedKinds: [String] = [TokenKind.personal.name, TokenKind.service.name]
    ) {
        self.name = name
        self.audience = audience
        self.requiredScopes = requiredScopes
        self.acceptedKinds = acceptedKinds
    }

    /// The API that these fields make, or every fault there is.
    ///
    /// `registered`: the names of the scopes that the organization registered.
    package func checked(
        id: ProtectedAPIID,
        organization: OrganizationID,
        registered: Set<String>
    ) -> Result<ProtectedAPI, FieldFaults> {
        var check = FieldCheck()
        let api = ProtectedAPI(
            id: id,
            organizationID: organization,
            name: check.line(name, at: "/name", 1...255),
            audience: audience.map { check.line($0, at: "/audience", 1...255) },
            requiredScopes: scopes(registered, &check),
            acceptedKinds: kinds(&check)
        )
        return check.result(api)
    }

    private func scopes(_ registered: Set<String>, _ check: inout FieldCheck) -> [Scope] {
        guard requiredScopes.count <= Self.maximumScopes else {
            check.fault("/required_scopes", "must be at most \(Self.maximumScopes) scopes")
            return []
        }
        var scopes: [Scope] = []
        for (place, text) in requiredScopes.enumerated() {
            let path = "/required_scopes/\(place)"
            do throws(ScopeFault) {
                let scope = try Scope(parsing: text)
                if scopes.contains(scope) { check.fault(path, "must not stand twice in the list") }
                if scope.meaning == .registered, !registered.contains(text) {
                    check.fault(path, "must be a scope of Claviger or one the organization registered")
                }
                scopes.append(scope)
            } catch {
                check.fault(path, error.message)
            }
        }
        return scopes.sorted()
    }

    private func kinds(_ check: inout FieldCheck) -> Set<TokenKind> {
        let known = ProtectedAPI.possibleKinds.sorted { $0.name < $1.name }
        var kinds: Set<TokenKind> = []
        if acceptedKinds.isEmpty { check.fault("/accepted_kinds", "must be at least one kind of token") }
        guard acceptedKinds.count <= known.count else {
            check.fault("/accepted_kinds", "must be at most \(known.count) kinds")
            return []
        }
        for (place, word) in acceptedKinds.enumerated() {
            guard let kind = known.first(where: { $0.name == word }) else {
                let words = known.map(\.name).joined(separator: ", ")
                check.fault("/accepted_kinds/\(place)", "must be one of \(words)")
                continue
            }
            if !kinds.insert(kind).inserted {
                check.fault("/accepted_kinds/\(place)", "must not stand twice in the list")
            }
        }
        return kinds
    }
}
