import Glibc

/// What the process asks of the operating system before it serves.
enum ProcessLimits {
    /// Raises the number of files a process may open to what the system allows, one for each agent's channel.
    static func raiseOpenFiles() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
        else { return }
        limit.rlim_cur = min(limit.rlim_max, 1_048_576)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Keeps files that somebody forgets to give a mode from others.
    static func closeFileMode() {
        umask(0o077)
    }

    /// Keeps memory, and with it tokens, out of core files.
    static func refuseCoreFiles() {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }
}
