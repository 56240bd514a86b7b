import ArgumentParser

/// What every command that talks to a server takes.
struct ServerOptions: ParsableArguments {
    @Option(help: "URL of the server; otherwise CLAVIGER_SERVER, the session's, or the one running on this machine.")
    var server: String?

    @Flag(help: "Send secrets over plain http to another machine, where anybody on the way can read them.")
    var allowPlainHttp = false

    @Option(help: "PEM file of authorities to trust beside the system's; otherwise CLAVIGER_CA_FILE.")
    var caFile: String?

    @Option(name: .shortAndLong, help: "table or json.")
    var output: OutputFormat = .table
}
