import ClavigerWire
import HTTPKernel
import HTTPTypes

/// The head of a WebSocket opening handshake, checked (RFC 6455, section 4.2.1).
struct UpgradeRequest: Sendable {
    static let subprotocol = "claviger.agent.v1"

    /// Whether the head asks for an upgrade at all; if not, the router answers it.
    static func isOne(_ head: HTTPRequest, path: String) -> Bool {
        guard head.method == .get, let target = head.path else { return false }
        guard target == path || target.hasPrefix(path + "?") else { return false }
        return tokens(head.headerFields[values: .upgrade]).contains("websocket")
            && tokens(head.headerFields[values: .connection]).contains("upgrade")
    }

    /// What is wrong with the handshake, or nil.
    static func fault(in fields: HTTPFields) -> HTTPProblem? {
        guard fields[values: .secWebSocketVersion].map(trimmed) == ["13"] else {
            return HTTPProblem(
                .upgradeRequired,
                .upgradeRequired,
                "The channel speaks WebSocket version 13.",
                headers: [.secWebSocketVersion: "13"]
            )
        }
        let keys = fields[values: .secWebSocketKey].map(trimmed)
        guard keys.count == 1, isKey(keys[0]) else {
            return .malformedRequest("Sec-WebSocket-Key must stand once and be 16 bytes in base64.")
        }
        guard
            fields[values: .secWebSocketProtocol].flatMap({ $0.split(separator: ",") })
                .contains(where: { trimmed(String($0)) == subprotocol })
        else {
            return .malformedRequest("Ask for the subprotocol \(subprotocol) in Sec-WebSocket-Protocol.")
        }
        return nil
    }

    private static func tokens(_ values: [String]) -> [String] {
        values.flatMap { $0.split(separator: ",") }.map { trimmed(String($0)).lowercased() }
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...].drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }

    /// 24 characters of base64 with `==` at the end: 16 bytes.
    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[22...] == [UInt8(ascii: "="), UInt8(ascii: "=")] else { return false }
        return bytes[..<22].allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
    }
}
