/// The stable id of one kind of object, a TypeID: prefix, `_`, and 26 characters of base32 over a UUIDv7.
///
/// Ids sort by the time they were made, as text and as values alike, and are never used again.
package protocol EntityID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// What stands before the underscore, `agt` for example.
    static var prefix: String { get }
    var value: TypeIDValue { get }
    init(value: TypeIDValue)
}

extension EntityID {
    /// Reads the id, or answers `nil` for another prefix, length or alphabet.
    package init?(_ text: String) {
        let bytes = text.utf8
        let prefix = Self.prefix.utf8
        guard bytes.count == prefix.count + 27, bytes.starts(with: prefix),
            bytes[bytes.index(bytes.startIndex, offsetBy: prefix.count)] == UInt8(ascii: "_"),
            let value = TypeIDValue(base32: text.utf8.dropFirst(prefix.count + 1))
        else { return nil }
        self.init(value: value)
    }

    package var text: String { "\(Self.prefix)_\(value.base32)" }
    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

package struct OrganizationID: EntityID {
    package static let prefix = "org"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct WorkspaceID: EntityID {
    package static let prefix = "wsp"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct UserID: EntityID {
    package static let prefix = "usr"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct MembershipID: EntityID {
    package static let prefix = "mbr"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct AgentID: EntityID {
    package static let prefix = "agt"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct ServiceAccountID: EntityID {
    package static let prefix = "sva"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct CredentialID: EntityID {
    package static let prefix = "crd"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct RotationID: EntityID {
    package static let prefix = "rot"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct EventID: EntityID {
    package static let prefix = "evt"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct IncidentID: EntityID {
    package static let prefix = "inc"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct ExecutionID: EntityID {
    package static let prefix = "exe"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct NotificationID: EntityID {
    package static let prefix = "ntf"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct ProtectedAPIID: EntityID {
    package static let prefix = "api"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct KeyID: EntityID {
    package static let prefix = "key"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct GrantID: EntityID {
    package static let prefix = "grt"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

package struct CustomRoleID: EntityID {
    package static let prefix = "rol"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}
