/// The id of a data key, `dek_…`.
package struct DataKeyID: EntityID {
    package static let prefix = "dek"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

/// Whose values a data key seals: one key per workspace, one per organization, one for the server.
package enum DataKeyScope: Hashable, Sendable {
    case server
    case organization(OrganizationID)
    case workspace(WorkspaceID)

    /// The scope as the store has it: `server`, or the id.
    package var text: String {
        switch self {
        case .server: "server"
        case .organization(let id): id.text
        case .workspace(let id): id.text
        }
    }

    package init?(_ text: String) {
        if text == "server" {
            self = .server
        } else if let id = OrganizationID(text) {
            self = .organization(id)
        } else if let id = WorkspaceID(text) {
            self = .workspace(id)
        } else {
            return nil
        }
    }
}

/// A data key as the store has it: wrapped by the master key whose id stands beside it.
package struct WrappedDataKey: Hashable, Sendable {
    package let id: DataKeyID
    package let scope: DataKeyScope
    /// Which master key wraps it, so that the old and the new one can both be read during a switch.
    package let masterKeyID: String
    package let bytes: [UInt8]

    package init(id: DataKeyID, scope: DataKeyScope, masterKeyID: String, bytes: [UInt8]) {
        self.id = id
        self.scope = scope
        self.masterKeyID = masterKeyID
        self.bytes = bytes
    }
}

/// A pepper as the store has it.
package struct SealedPepper: Hashable, Sendable {
    package let id: Int64
    package let value: SealedValue

    package init(id: Int64, value: SealedValue) {
        self.id = id
        self.value = value
    }

    /// Where a pepper's secret belongs.
    package static func place(of id: Int64) -> SealedPlace {
        SealedPlace(table: "pepper", id: String(id), version: 1, field: "secret")
    }
}
