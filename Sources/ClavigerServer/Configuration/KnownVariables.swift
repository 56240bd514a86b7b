/// A `CLAVIGER_*` variable that is no setting of the server but may stand in its environment.
package struct KnownVariable: Sendable, Hashable {
    package let name: String
    package let summary: String

    init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }
}

/// The variables that the unknown-key check lets through besides the settings' own.
package enum KnownVariables {
    package static let prefix = "CLAVIGER_"

    /// The YAML file, for whoever can't pass `--config`.
    package static let configurationFile = KnownVariable("CLAVIGER_CONFIG", "Path of the YAML file, as --config.")

    /// The master key itself.
    ///
    /// Read by the composition root, never listed or logged.
    package static let masterKey = KnownVariable("CLAVIGER_MASTER_KEY", "The master key, instead of a file or command.")

    /// The server that the command line talks to.
    package static let server = KnownVariable("CLAVIGER_SERVER", "URL of the server for the command line.")

    /// The authorities that the command line trusts beside the system's.
    package static let authorities = KnownVariable(
        "CLAVIGER_CA_FILE",
        "Certificates the command line trusts beside the system's."
    )

    /// The point at which a debug build ends itself.
    package static let crashPoint = KnownVariable("CLAVIGER_CRASH_AT", "Crash point; debug builds only.")

    /// The file with the clock's offset for tests.
    package static let testClock = KnownVariable(
        "CLAVIGER_TEST_CLOCK_FILE",
        "File with an offset of the clock in seconds; debug builds only."
    )

    /// The seconds by which this machine's clock is wrong, for tests.
    package static let testClockSkew = KnownVariable(
        "CLAVIGER_TEST_CLOCK_SKEW",
        "Seconds by which the machine's clock is wrong; debug builds only."
    )

    /// Variables of every build.
    package static let always: [KnownVariable] = [
        configurationFile, masterKey, server, authorities,
        KnownVariable("CLAVIGER_INSTALL_TOKEN", "Install token for the agent daemon and the install script."),
        KnownVariable("CLAVIGER_INSTALL_PREFIX", "Where the install script puts the agent daemon."),
        KnownVariable("CLAVIGER_AGENT_STATE_DIR", "State directory of the agent daemon."),
        KnownVariable("CLAVIGER_AGENT_CA_FILE", "Certificates the agent daemon trusts."),
        KnownVariable("CLAVIGER_AGENT_METADATA", "Whether the agent daemon asks the cloud what it runs on."),
        KnownVariable("CLAVIGER_TEST_POSTGRES", "Throw-away database of the tests; no program reads it."),
        KnownVariable("CLAVIGER_LAX", "Turns warnings back into warnings while building from source."),
    ]

    /// Variables that only a debug build understands; elsewhere they stop the start like any unknown one.
    package static let debugOnly: [KnownVariable] = [crashPoint, testClock, testClockSkew]

    /// The names this build accepts.
    package static let accepted: Set<String> = {
        #if DEBUG
        return Set((always + debugOnly).map(\.name))
        #else
        return Set(always.map(\.name))
        #endif
    }()
}
