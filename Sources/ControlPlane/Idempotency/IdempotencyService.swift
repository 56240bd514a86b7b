internal import Crypto
internal import Domain
internal import Logging
internal import SQLDatabase
package import Store

/// Requests that may be sent twice and are carried out once, by their `Idempotency-Key`.
///
///     switch try await idempotency.begin(key: key, route: "POST /api/v1/agents", body: body, caller: caller) {
///     case .replay(let answer): …                    // the same object, its secret null
///     case .fresh(let handle): …                     // do it, then complete(handle, …) or abandon(handle)
///     }
///
/// A key belongs to its caller, route and body for 24 hours. What is kept of an answer holds no secret: whoever calls
/// ``complete(_:status:body:)`` gives the body with the secret null and `secret_already_shown` true.
package struct IdempotencyService: Sendable {
    package static let life = Duration.hours(24)
    /// After this a request that never ended, because its process died, gives its key back.
    package static let longestRun = Duration.minutes(10)

    /// A request that was let on and has to be completed or abandoned.
    package struct Handle: Sendable {
        fileprivate let key: IdempotencyKey
    }

    package enum Beginning: Sendable {
        case fresh(Handle)
        case replay(IdempotencyRecord.Answer)
    }

    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// Claims the key, or answers what the first request with it got.
    ///
    /// Throws `IdempotencyKeyReused` for another body and `IdempotencyKeyInUse` while the first request runs.
    package func begin(
        key text: String,
        route: String,
        body: [UInt8],
        caller: Caller
    ) async throws(ControlPlaneError) -> Beginning {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            let message = "must have 1 to 255 visible ASCII characters"
            throw .invalid([FieldFault(path: "Idempotency-Key", message: message)])
        }
        let place = [caller.organizationID?.text ?? "-", caller.actor.kind.rawValue, caller.actor.id ?? "-"]
        let key = IdempotencyKey(caller: place.joined(separator: "/"), route: route, key: text)
        let hash = Array(SHA256.hash(data: body))
        let now = context.now()
        let record = try await context.write { tx in try Self.claim(key, hash: hash, now: now, in: tx) }
        guard let record else { return .fresh(Handle(key: key)) }
        guard record.bodyHash == hash else {
            throw ControlPlaneError(.idempotencyKeyReused, "This Idempotency-Key was used with another body.")
        }
        guard let answer = record.answer else {
            throw ControlPlaneError(.idempotencyKeyInUse, "The first request with this Idempotency-Key still runs.")
        }
        return .replay(answer)
    }

    /// What is known of the key, or nothing if it is claimed now.
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
        guard record.answer == nil, now - record.createdAt >= longestRun else { return record }
        try IdempotencyStore.release(key, in: tx)
        return try begin(tx)
    }

    /// Keeps the answer for those who ask again; `body` holds no secret.
    package func complete(_ handle: Handle, status: Int, body: String?) async {
        await settle(handle) { tx in
            let answer = IdempotencyRecord.Answer(status: status, body: body.map(SecretRedaction.redact))
            try IdempotencyStore.finish(handle.key, answer: answer, in: tx)
        }
    }

    /// Gives the key back after a request that changed nothing, so that it may be tried again.
    package func abandon(_ handle: Handle) async {
        await settle(handle) { tx in try IdempotencyStore.release(handle.key, in: tx) }
    }

    /// The work is done, so that a failure here is logged and not told: the key stays in use until ``longestRun``.
    private func settle(_ handle: Handle, _ body: @escaping @Sendable (borrowing Transaction) throws -> Void) async {
        do {
            try await context.write(body)
        } catch {
            context.logger.error("An idempotency key could not be settled", metadata: ["error": "\(error)"])
        }
    }
}
