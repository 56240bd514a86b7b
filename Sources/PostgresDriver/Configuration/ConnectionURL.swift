import SQLDatabase

/// A `postgres://` URL taken apart by libpq, with what is added to it.
///
/// Messages about a URL never quote it: a password that is not percent-encoded may stand anywhere in what was taken
/// for host, port or name.
struct ConnectionURL: Sendable {
    /// What the URL says, by libpq's keywords; the password is among it.
    private let parts: [String: String]
    private let password: String?
    let holdsPassword: Bool

    init(_ url: String, password: String?) throws(DatabaseError) {
        try Self.checkForm(url)
        guard let parts = ConnectionParameters.parse(url) else {
            throw Self.refusal("can't be understood: \(Self.form); other signs need percent-encoding")
        }
        self.parts = parts
        holdsPassword = parts["password"] != nil || parts["sslpassword"] != nil
        guard password == nil || parts["password"] == nil else {
            throw Self.refusal("holds a password and another one is given: only one of them may be")
        }
        if let password, password.utf8.contains(0) {
            throw DatabaseError(.invalidValue, "The password for PostgreSQL holds U+0000.")
        }
        self.password = password
        try checkPorts()
    }

    /// What is given to libpq: defaults, then what the URL says, then what can't be otherwise.
    var parameters: [(keyword: String, value: String)] {
        var all = Self.defaults
        all.merge(parts) { _, given in given }
        if let password { all["password"] = password }
        all["client_encoding"] = "UTF8"
        return all.sorted { $0.key < $1.key }.map { (keyword: $0.key, value: $0.value) }
    }

    /// How many hosts are tried one after the other.
    var hostCount: Int {
        Self.list(parts["host"] ?? parts["hostaddr"] ?? "").count
    }

    /// The URL's own `connect_timeout`, if it has one that libpq would take.
    var connectLimit: Duration? {
        guard let seconds = parts["connect_timeout"].flatMap(Int.init), seconds > 0 else { return nil }
        return .seconds(max(seconds, 2))
    }

    /// `host:port/name`, of several hosts all.
    var displayName: String {
        let hosts = Self.list(parts["host"] ?? parts["hostaddr"] ?? "local")
        let ports = Self.list(parts["port"] ?? "")
        let places = hosts.enumerated().map { index, host in
            // One port is for all hosts; an empty one is the usual one.
            let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            return "\(host):\(port.isEmpty ? "5432" : port)"
        }
        return places.joined(separator: ",") + "/" + (parts["dbname"] ?? "")
    }

    private static let defaults = [
        "application_name": "claviger",
        "connect_timeout": "5",
        "keepalives": "1",
        "keepalives_idle": "5",
        "keepalives_interval": "2",
        "keepalives_count": "3",
        "tcp_user_timeout": "5000",
        "target_session_attrs": "read-write",
    ]

    private static let form = "the form is postgres://user@host:5432/name?sslmode=verify-full"

    private static func refusal(_ sentence: String) -> DatabaseError {
        DatabaseError(.invalidValue, "The URL of the PostgreSQL database \(sentence).")
    }

    /// Refuses what libpq would take for something else than was meant: a sign `@`, `/` or `:` in a password.
    private static func checkForm(_ url: String) throws(DatabaseError) {
        guard !url.utf8.contains(0) else { throw refusal("holds U+0000") }
        let schemes = ["postgres://", "postgresql://"]
        guard let scheme = schemes.first(where: { url.hasPrefix($0) }) else {
            throw refusal("does not begin with postgres://: \(form)")
        }
        let rest = url.dropFirst(scheme.count)
        let place = rest.prefix { $0 != "?" }
        let authority = place.prefix { $0 != "/" }
        let signs = authority.filter { $0 == "@" }.count
        let hidden = rest.filter { $0 == "@" }.count - signs
        guard signs <= 1, hidden == 0 else {
            throw refusal("has an @ where none may be: in a user or password write %40, and %2F for /")
        }
    }

    private static func list(_ text: String) -> [Substring] {
        text.split(separator: ",", omittingEmptySubsequences: false)
    }

    private func checkPorts() throws(DatabaseError) {
        let ports = Self.list(parts["port"] ?? "")
        guard ports.allSatisfy({ $0.isEmpty || UInt16($0).map { $0 > 0 } ?? false }) else {
            throw Self.refusal("has a port that is no number from 1 to 65535: \(Self.form)")
        }
    }
}
