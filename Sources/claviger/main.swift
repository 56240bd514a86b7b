import Commands
import Glibc

let status = await ClavigerProgram.run(Array(CommandLine.arguments.dropFirst()), console: .system())
exit(status.rawValue)
