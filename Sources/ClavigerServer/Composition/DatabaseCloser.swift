import SQLDatabase
import ServiceLifecycle

/// Closes the database when everything that uses it has stopped: the first in the group, and so the last to end.
struct DatabaseCloser: Service {
    let database: any Database

    func run() async throws {
        try? await gracefulShutdown()
        await database.close()
    }
}
