import SQLDatabase

/// Opens connections and checks what they lead to.
struct Connector {
    let configuration: PostgresConfiguration
    let wakeup: Wakeup
    let spareThreads: SpareThreads

    /// Connects and checks; the message of an error is a sentence for the person who runs the server.
    func connect(isUnwanted: @escaping () -> Bool) throws(DatabaseError) -> Session {
        do throws(ServerFailure) {
            let link = try ServerLink.open(
                ServerLink.Opening(
                    parameters: configuration.url.parameters,
                    limit: (configuration.url.connectLimit ?? configuration.connectLimit)
                        * configuration.url.hostCount,
                    wakeup: wakeup,
                    spareThreads: spareThreads,
                    isUnwanted: isUnwanted
                )
            )
            try SessionStart(link: link, configuration: configuration).perform()
            return Session(link, statementTime: configuration.statementLimit)
        } catch {
            throw SessionStart.explain(error)
        }
    }
}
