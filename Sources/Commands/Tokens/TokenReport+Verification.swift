package import ClavigerWire

extension TokenReport {
    /// What a verification said.
    package static func verified(_ answer: VerifyTokenResponse) throws -> Report {
        var rows: [(String, Cell)] = [("valid", Cell(answer.valid ? "yes" : "no", answer.valid ? .good : .bad))]
        func add(_ name: String, _ value: String?) {
            if let value { rows.append((name, Cell(value))) }
        }
        add("code", answer.code)
        add("missing scope", answer.scope)
        add("token", answer.tokenID)
        add("kind", answer.kind)
        add("identity", answer.identity.map { $0.name ?? $0.id })
        add("scopes", answer.scopes.map { $0.joined(separator: ", ") })
        add("expires", answer.expiresAt)
        if answer.inGrace == true { rows.append(("in grace", Cell("yes", .warning))) }
        add("resets", answer.resetsAt)
        for limit in answer.limits { add("limit \(limit.name)", "\(limit.left) of \(limit.limit) left") }
        return try Report(Table(details: rows), json: answer)
    }
}
