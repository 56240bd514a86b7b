/// A scope of an organization's own API (TOK-3), such as `invoices:read`.
package struct RegisteredScope: Hashable, Sendable {
    package let name: String
    package let description: String
    /// Shown with a warning where it is chosen.
    package let isSensitive: Bool
    /// Only those who hold `org:manage` can put it on a token, and it counts only while the token's owner holds it.
    package let isAdminOnly: Bool

    package init(name: String, description: String, isSensitive: Bool = false, isAdminOnly: Bool = false) {
        self.name = name
        self.description = description
        self.isSensitive = isSensitive
        self.isAdminOnly = isAdminOnly
    }

    /// The scope these fields make, or every fault there is.
    package static func checked(
        name: String,
        description: String,
        isSensitive: Bool = false,
        isAdminOnly: Bool = false
    ) -> Result<RegisteredScope, FieldFaults> {
        var check = FieldCheck()
        if !isName(name) {
            check.fault("/name", nameSentence)
        } else if isTaken(name) {
            check.fault("/name", "must not begin with the name of a resource of Claviger")
        }
        let text = check.line(description, at: "/description", 0...1024)
        let scope = RegisteredScope(
            name: name,
            description: text,
            isSensitive: isSensitive,
            isAdminOnly: isAdminOnly
        )
        return check.result(scope)
    }

    static let nameSentence = "must be written resource:action, both of a-z, 0-9, _, - and ., beginning with a letter"

    /// Names that later resources of Claviger will have; an organization's scope must never come to mean one of them.
    static let reserved: Set<String> = [
        "api", "budgets", "claviger", "endpoint", "environments", "gateway", "limits", "mcp", "notifications",
        "reports", "secrets", "sessions", "users", "vault",
    ]

    static func isName(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return text.utf8.count <= Scope.maximumLength && parts.count == 2
            && parts.allSatisfy { part in
                guard let first = part.first, isLetter(first) else { return false }
                return part.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "_-.".utf8.contains($0) }
            }
    }

    private static func isTaken(_ name: String) -> Bool {
        let resource = String(name.prefix { $0 != ":" })
        return ScopeAction.resources.contains(resource) || reserved.contains(resource)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}
