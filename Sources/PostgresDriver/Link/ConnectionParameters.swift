import CLibpq

/// Reads a URL with libpq and hands parameters to it.
enum ConnectionParameters {
    /// The parts of a URL by keyword, or nothing if libpq refuses it.
    ///
    /// libpq's own message is dropped, for it quotes the URL with its password.
    static func parse(_ url: String) -> [String: String]? {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            PQfreemem(message)
            return nil
        }
        defer { PQconninfoFree(options) }
        var parts: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parts[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return parts
    }
}
