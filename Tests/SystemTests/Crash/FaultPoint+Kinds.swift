extension FaultPoint {
    /// Points that `claviger master-key rotate` reaches, a program of its own.
    static let ofMasterKey = all.filter { $0.name.hasPrefix("master-key.") }
    /// Points of the serving process.
    static let ofServer = all.filter { !$0.isAgents && !$0.name.hasPrefix("master-key.") }
    /// Points of the daemon.
    static let ofAgent = all.filter(\.isAgents)
}
