import Domain
import Testing

@Suite("Redaction of free text")
struct SecretRedactionTests {
    @Test("AUD-2: a token in free text is taken out, whole, cut off, mistyped or joined to other text")
    func takesOut() {
        let token = Token.make(.agent, random: .system).revealed()
        let cut = String(token.prefix(20))
        let shouted = token.uppercased()
        for text in [
            token, "x\(token)y", "leaked: \(token).", "\(token)\(token)", cut, shouted, "{\"t\":\"\(token)\"}",
        ] {
            let redacted = SecretRedaction.redact(text)
            #expect(redacted.contains("…[redacted]"))
            #expect(!redacted.contains(token.dropFirst(7).prefix(6)))
            #expect(!redacted.contains(shouted.dropFirst(7).prefix(6)))
        }
        #expect(SecretRedaction.redact("a \(token) b") == "a clv_ag_…[redacted] b")
    }

    @Test(
        "text without a token stays as it is",
        arguments: [
            "", "clv", "clv_ag_", "clv_ag_short12", "a prefix clv_ag_a1B2 in a list", "Zürich €", "clv__ag_12345678",
        ]
    )
    func leaves(text: String) {
        #expect(SecretRedaction.redact(text) == text)
    }
}
