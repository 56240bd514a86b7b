import ClavigerWire
package import HTTPTypes

/// What a request carries in `Authorization`.
package struct BearerCredential: Sendable {
    /// The token's text, unchecked.
    ///
    /// Never log it.
    package let token: String

    /// Reads the one `Authorization: Bearer <token>` of a request (RFC 6750, section 2.1; the scheme in any case, one
    /// or more spaces behind it).
    ///
    /// None, several, another scheme, or odd spacing each answer 401 with their own sentence.
    package init(_ fields: HTTPFields) throws(HTTPProblem) {
        let values = fields[values: .authorization]
        guard let value = values.first else {
            throw .unauthorized(.missingCredential, "Send the header “Authorization: Bearer <token>”.")
        }
        guard values.count == 1 else {
            throw .unauthorized(.missingCredential, "Send exactly one Authorization header.")
        }
        let bytes = Array(value.utf8)
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")) else {
            throw .unauthorized(.missingCredential, "Authorization must be “Bearer”, a space, and the token.")
        }
        let scheme = String(decoding: bytes[..<space], as: UTF8.self)
        guard scheme.lowercased() == "bearer" else {
            throw .unauthorized(.missingCredential, "Only the scheme Bearer is accepted in Authorization.")
        }
        let token = bytes[space...].drop { $0 == UInt8(ascii: " ") }
        guard !token.isEmpty, token.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") }) else {
            throw .unauthorized(.missingCredential, "Authorization must be “Bearer”, a space, and the token.")
        }
        guard token.count <= 4096 else {
            throw .unauthorized(.invalidToken, "The token is not valid.")
        }
        self.token = String(decoding: token, as: UTF8.self)
    }
}
