import ControlPlane
import Domain

/// Brings the first owner's setup link to the person who started the server, and never to the log (ORG-2).
struct SetupAnnouncement {
    let publicURL: String
    let directory: DataDirectory
    /// Writes a line to the terminal; nil if nobody watches.
    let terminal: (@Sendable (String) -> Void)?

    /// Leaves the link in a file for `claviger setup`, and shows it if somebody watches.
    func announce(_ secret: IssuedSecret) throws(HostError) {
        let link = Self.link(secret.token, publicURL: publicURL)
        try PrivateFile.write(link + "\n", to: directory.setupLinkFile)
        guard let terminal else { return }
        terminal("")
        terminal("This server has no owner yet. Within 30 minutes run `claviger setup` on this machine,")
        terminal("or, from another one, run it there and paste this link:")
        terminal("    " + link)
        terminal("")
    }

    /// The secret stands in the fragment, which no browser sends anywhere.
    static func link(_ token: Token, publicURL: String) -> String {
        "\(publicURL)/setup#\(token.revealed())"
    }
}
