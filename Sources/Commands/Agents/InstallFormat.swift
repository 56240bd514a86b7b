import ArgumentParser
import ClavigerWire

/// Which of the install instructions are printed.
enum InstallFormat: String, ExpressibleByArgument, CaseIterable {
    case native
    case docker
    case kubernetes
    /// The install token alone.
    case token

    /// Writes the instructions: they carry the install token, so they go to standard output.
    func show(_ console: Console, install: InstallInstructions?, token: String?) throws(CommandFailure) {
        guard let install, let token else {
            throw CommandFailure(
                .conflict,
                "the install token was shown before and is stored nowhere; "
                    + "`claviger agent regenerate-token` makes another one."
            )
        }
        switch self {
        case .native:
            console.note("Run this on the machine that the agent lives on:")
            console.output(install.native.command)
        case .docker:
            console.note("Run this where Docker is:")
            console.output(install.docker.command)
        case .kubernetes:
            console.note("Apply this manifest (\(install.kubernetes.command)):")
            console.output(install.kubernetes.manifest)
        case .token:
            console.output(token)
        }
    }
}
