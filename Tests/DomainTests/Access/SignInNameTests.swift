import Domain
import Testing

@Suite("E-mail addresses and passwords")
struct SignInNameTests {
    @Test(
        "ORG-3: an address is folded to lower case",
        arguments: [
            ("Ada@Example.org", "ada@example.org"), ("a+b.c@x-y.example", "a+b.c@x-y.example"),
            ("owner@localhost", "owner@localhost"), ("a@b", "a@b"),
        ]
    )
    func accepts(text: String, folded: String) {
        #expect(EmailAddress(text)?.text == folded)
    }

    @Test(
        "ORG-3: what is no address is refused",
        arguments: [
            "", "@", "a@", "@b", "a", "a b@c.d", "a@b@c", "a@b..c", ".a@b", "a.@b", "a..b@c", "a@-b", "a@b-", "a@b_c",
            "é@b.c", "\"a\"@b.c", "a@[127.0.0.1]", "a@b.c\n", "a@b.c\u{0}",
        ]
    )
    func refuses(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test("ORG-3: an address has at most 64 characters before the @ and 254 in all")
    func lengths() {
        let local = String(repeating: "a", count: 64)
        #expect(EmailAddress("\(local)@b.c") != nil)
        #expect(EmailAddress("a\(local)@b.c") == nil)
        let label = String(repeating: "b", count: 63)
        let domain = "\(label).\(label).\(String(repeating: "c", count: 61))"
        #expect(EmailAddress("\(local)@\(domain)")?.text.count == 254)
        #expect(EmailAddress("\(local)@\(domain)c") == nil)
        #expect(EmailAddress("a@b\(label)") == nil)
    }

    @Test(
        "ORG-3: a password has 12 to 256 characters and is none that is tried first",
        arguments: [
            ("correct horse battery", true), ("abcdefghjkmn", true), ("", false), ("abcdefghjkm", false),
            ("aaaaaaaaaaaaaaaa", false), ("password1234", false), ("Claviger1234567", true), ("claviger12!", false),
            ("ada@example.org!", false), ("ababababababab", false), ("abc\u{0}defghijklm", false),
            ("пароль из слов", true),
        ]
    )
    func passwords(text: String, accepted: Bool) {
        let fault = PasswordRule.fault(in: text, email: EmailAddress("ada@example.org"))
        #expect((fault == nil) == accepted, "\(fault ?? "accepted")")
    }

    @Test("ORG-3: the longest password is accepted and one character more is not")
    func longest() {
        let long = String(repeating: "abcd", count: 64)
        #expect(PasswordRule.fault(in: long, email: nil) == nil)
        #expect(PasswordRule.fault(in: long + "e", email: nil) != nil)
    }
}
