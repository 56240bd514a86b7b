internal import Crypto
package import Domain
internal import Logging
internal import SQLDatabase
package import Store
internal import StrictJSON

/// Requests that may be sent twice and are carried out once, by their `Idempotency-Key`.
///
///     switch try await idempotency.begin(key: key, route: "POST /api/v1/agents", body: body, needs: …, caller: caller) {
///     case .replay(let answer): …                    // the same object, its secret null
///     case .fresh(let handle): …                     // carryOut(handle) { … }, then complete or abandon
///     }
///
/// A key belongs to its caller, route and body for 24 hours. What is kept of an answer holds no secret: whoever calls
/// ``complete(_:status:body:)`` gives the body with the secret null and `secret_already_shown` true.
package struct IdempotencyService: Sendable {
    package static let life = Duration.hours(24)
    /// After this a request that changed nothing and never ended, because its process died, gives its key back.
    package static let longestRun = Duration.minutes(10)
    /// The status that an answer is kept with which is an error; the edge knows the one it is told with.
    private static let failure = 0

    /// A request that was let on and has to be carried out, and completed or abandoned.
    package struct Handle: Sendable {
        fileprivate let claim: IdempotencyClaim
    }

    package enum Beginning: Sendable {
        case fresh(Handle)
        case replay(IdempotencyRecord.Answer)
    }

    /// What the caller may have to do for the first request and for each later one, and what a denial is called.
    package struct Need: Sendable {
        /// Absent if whoever was authenticated may do it.
        let action: ScopeAction?
        let name: String
        let agent: AgentID?
        let target: AuditTarget?

        package init(_ action: ScopeAction?, as name: String, target: AuditTarget? = nil) {
            self.action = action
            self.name = name
            self.target = target
            agent = target.flatMap { $0.kind == "agent" ? AgentID($0.id) : nil }
        }
    }

    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// Claims the key, or answers what the first request with it got; an error it got is thrown again.
    ///
    /// Throws `PermissionDenied` for a caller who may not do this any more, whatever was answered before,
    /// `IdempotencyKeyReused` for another body, and `IdempotencyKeyInUse` while the first request runs or when it was
    /// carried out and its answer was lost.
    package func begin(
        key text: String,
        route: String,
        body: [UInt8],
        needs need: Need,
        caller: Caller
    ) async throws(ControlPlaneError) -> Beginning {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            let message = "must have 1 to 255 visible ASCII characters"
            throw .invalid([FieldFault(path: "Idempotency-Key", message: message)])
        }
        if let action = need.action {
            try await context.authorize(caller, action, as: need.name, agent: need.agent, target: need.target)
        }
        let place = [
            caller.organizationID?.text ?? "-", caller.workspaceID?.text ?? "-", caller.actor.kind.rawValue,
            caller.actor.id ?? "-",
        ]
        let key = IdempotencyKey(caller: place.joined(separator: "/"), route: route, key: text)
        let hash = Array(SHA256.hash(data: body))
        let now = context.now()
        let record = try await context.write { tx in try Self.claim(key, hash: hash, now: now, in: tx) }
        guard let record else { return .fresh(Handle(claim: IdempotencyClaim(key: key, claimedAt: now))) }
        guard record.bodyHash == hash else {
            throw ControlPlaneError(.idempotencyKeyReused, "This Idempotency-Key was used with another body.")
        }
        guard let answer = record.answer else { throw Self.unanswered(record) }
        if answer.status == Self.failure { throw ControlPlaneError(kept: answer.body) }
        return .replay(answer)
    }

    /// What is known of the key, or nothing if it is claimed now.
    ///
    /// A claim that grew old and changed nothing is given to this request; the other one, should it live after all,
    /// can't commit any more.
    private static func claim(
        _ key: IdempotencyKey,
        hash: [UInt8],
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> IdempotencyRecord? {
        func begin(_ tx: borrowing Transaction) throws -> IdempotencyRecord? {
            try IdempotencyStore.begin(key, bodyHash: hash, now: now, expiresAt: now + life, in: tx)
        }
        guard let record = try begin(tx) else { return nil }
        guard !record.isCommitted, now - record.createdAt >= longestRun else { return record }
        try IdempotencyStore.release(key, claimedAt: record.createdAt, in: tx)
        return try begin(tx)
    }

    private static func unanswered(_ record: IdempotencyRecord) -> ControlPlaneError {
        guard record.isCommitted else {
            return ControlPlaneError(
                .idempotencyKeyInUse,
                "The first request with this Idempotency-Key still runs.",
                details: ["committed": false]
            )
        }
        return ControlPlaneError(
            .idempotencyKeyInUse,
            "The first request with this Idempotency-Key was carried out; its answer is not there yet or was lost. "
                + "Read the agent or its rotation to see what it did, and take a new key to do it again.",
            details: ["committed": true]
        )
    }

    /// Runs the operation so that its transactions note in the key that they were committed.
    package func carryOut<T>(_ handle: Handle, _ operation: () async throws -> T) async throws -> T {
        try await IdempotencyClaim.$current.withValue(handle.claim) { try await operation() }
    }

    /// Keeps the answer for those who ask again; `body` holds no secret.
    package func complete(_ handle: Handle, status: Int, body: String?) async {
        await keep(IdempotencyRecord.Answer(status: status, body: body.map(SecretRedaction.redact)), of: handle)
    }

    /// Ends a request that failed: one that changed nothing gives its key back and may be tried again.
    ///
    /// The failure of an agent is the outcome of a rotation that took place: those who ask again are told the same.
    /// After any other error behind a commit the key stays in use, for nobody knows the answer.
    package func abandon(_ handle: Handle, after error: any Error) async {
        if let error = error as? ControlPlaneError, error.code == .rotationFailed {
            await keep(IdempotencyRecord.Answer(status: Self.failure, body: error.kept), of: handle)
            return
        }
        let claim = handle.claim
        await settle { tx in try IdempotencyStore.release(claim.key, claimedAt: claim.claimedAt, in: tx) }
    }

    private func keep(_ answer: IdempotencyRecord.Answer, of handle: Handle) async {
        let claim = handle.claim
        await settle { tx in
            try IdempotencyStore.finish(claim.key, claimedAt: claim.claimedAt, answer: answer, in: tx)
        }
    }

    /// The work is done, so that a failure here is logged and not told: the key stays in use.
    private func settle(_ body: @escaping @Sendable (borrowing Transaction) throws -> Void) async {
        do {
            // What was carried out is settled whatever its caller may do by now.
            try await RequestAuthority.$current.withValue(nil) { try await context.write(body) }
        } catch {
            context.logger.error("An idempotency key could not be settled", metadata: ["error": "\(error)"])
        }
    }
}

extension ControlPlaneError {
    /// The text that an error is kept as for those who ask again; it holds no secret.
    fileprivate var kept: String {
        let pairs = details.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let object: JSONObject = [
            "code": .string(code.rawValue), "message": .string(message), "details": .object(JSONObject(pairs)),
        ]
        return SecretRedaction.redact(JSONValue.object(object).text)
    }

    /// The error that was kept.
    fileprivate init(kept text: String?) {
        guard let object = try? JSONValue(parsing: text ?? ""), let code = object["code"]?.stringValue else {
            self.init(.unavailable, "The answer to the first request with this Idempotency-Key can't be read.")
            return
        }
        let fields = object["details"]?.objectValue?.fields ?? []
        self.init(
            Code(rawValue: code),
            object["message"]?.stringValue ?? "",
            details: Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
        )
    }
}
