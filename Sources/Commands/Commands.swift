/// Every subcommand of `claviger`, one file each, over the REST SDK or, on the host, the server's composition.
///
/// A command reads its arguments, makes one call and hands the result to one renderer; it decides nothing. Results and
/// secrets go to standard output, every other word to standard error. One place (``CommandFailure``) turns errors into
/// exit codes. May import ClavigerServer, ClavigerClient, ClavigerWire, StrictJSON, ArgumentParser and Logging.
package enum Commands {}
