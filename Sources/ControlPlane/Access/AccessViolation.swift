internal import Domain
internal import SQLDatabase
internal import StrictJSON

/// Why a change of access was refused inside its transaction, for the audit trail outside of it.
struct AccessViolation: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    func error(_ code: ControlPlaneError.Code, _ message: String) -> ControlPlaneError {
        ControlPlaneError(code, message, cause: self)
    }
}

extension ControlPlaneContext {
    /// Changes access in one transaction; an attempt beyond the caller's own rights rolls back, is audited as a policy
    /// violation (ORG-7), and refused.
    func changeAccess<T: Sendable>(
        as name: String,
        target: AuditTarget?,
        caller: Caller,
        isUrgent: Bool = false,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws(ControlPlaneError) -> T {
        do {
            return isUrgent ? try await writeUrgently(body) : try await write(body)
        } catch {
            if let violation = error.cause as? AccessViolation {
                await recordDenial(of: name, to: caller, target: target, reason: violation.reason)
            }
            throw error
        }
    }
}

extension Caller {
    /// The organization that the caller acts in.
    func requireOrganization() throws(ControlPlaneError) -> OrganizationID {
        guard let organizationID else { throw PlaceChoice.noOrganization }
        return organizationID
    }
}

extension ControlPlaneError {
    /// What people wrote, or every fault there is.
    static func checked<Value>(_ result: Result<Value, FieldFaults>) throws(ControlPlaneError) -> Value {
        switch result {
        case .success(let value): return value
        case .failure(let faults): throw .invalid(faults.faults)
        }
    }

    static func illegalStatus(_ status: MembershipStatus) -> ControlPlaneError {
        ControlPlaneError(
            .illegalTransition,
            "A membership that is \(status.rawValue) can't be changed this way.",
            details: ["current_state": .string(status.rawValue)]
        )
    }

    static let lastOwner = ControlPlaneError(
        .lastOwner,
        "This is the organization's last active owner; make somebody else an owner first."
    )

    static let lostRace = ControlPlaneError(
        .versionConflict,
        "Somebody else changed it in the same moment; try again."
    )
}
