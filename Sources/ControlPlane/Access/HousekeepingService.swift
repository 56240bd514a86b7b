internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store

/// Forgets what nobody will ask for again, once an hour: long ended sessions, idempotency keys past their day, and texts
/// of tokens that died long ago.
///
/// Sessions stay for 30 days behind their end, for they tell which addresses somebody signed in from before. A retired
/// text stays for 90 days past its expiry, or past its retirement if it had none: until then its use is an alarm.
package struct HousekeepingService: Service {
    package static let sessionsKept = Duration.days(30)
    package static let retiredTokensKept = Duration.days(90)

    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.tidy()
                try await Task.sleep(for: .hours(1))
            }
        }
    }

    /// Forgets what is due now; a failure is logged and tried again an hour later.
    package func tidy() async {
        let now = context.now()
        do {
            try await context.write { tx in
                try SessionStore.forget(expiredBefore: now - Self.sessionsKept, in: tx)
                try RetiredAPITokenStore.forget(before: now - Self.retiredTokensKept, in: tx)
                try IdempotencyStore.forget(expiredBefore: now, in: tx)
                try AccessConflictStore.forget(before: now.microseconds / 86_400_000_000 - 1, in: tx)
            }
        } catch {
            context.logger.error("Old records could not be forgotten", metadata: ["error": "\(error)"])
        }
    }
}
