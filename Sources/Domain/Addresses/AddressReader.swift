/// Reads the text of an address from the front, byte by byte.
struct AddressReader {
    private var rest: Substring.UTF8View

    private init(_ text: Substring.UTF8View) { rest = text }

    /// The longest text of an address: eight groups of four digits, the last two as IPv4.
    static let longest = 45

    static func address(_ text: Substring.UTF8View) -> IPAddress? {
        guard !text.isEmpty, text.count <= longest else { return nil }
        var reader = AddressReader(text)
        let colon = UInt8(ascii: ":")
        guard text.contains(colon) else { return reader.v4().map { IPAddress(v4: $0) } }
        return reader.v6()
    }

    /// A decimal number without leading zeros, of at most three digits.
    static func number(_ text: Substring.UTF8View) -> Int? {
        var reader = AddressReader(text)
        guard let value = reader.decimal(), reader.rest.isEmpty else { return nil }
        return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func decimal() -> Int? {
        var value = 0
        var digits = 0
        while let byte = rest.first, (0x30...0x39).contains(byte) {
            guard digits < 3, digits == 0 || value > 0 else { return nil }
            value = value * 10 + Int(byte - 0x30)
            digits += 1
            rest.removeFirst()
        }
        return digits > 0 ? value : nil
    }

    /// Four numbers up to 255, with dots between them, up to the end.
    private mutating func v4() -> UInt32? {
        var bits: UInt32 = 0
        for place in 0..<4 {
            guard place == 0 || take(UInt8(ascii: ".")), let octet = decimal(), octet < 256 else { return nil }
            bits = bits << 8 | UInt32(octet)
        }
        return rest.isEmpty ? bits : nil
    }

    private mutating func v6() -> IPAddress? {
        var groups = GroupList()
        var gap: Int?
        let colon = UInt8(ascii: ":")
        if take(colon) {
            guard take(colon) else { return nil }
            gap = 0
        }
        while !rest.isEmpty {
            if isDotted {
                guard groups.count <= 6, let tail = v4() else { return nil }
                groups.append(UInt64(tail >> 16))
                groups.append(UInt64(tail & 0xFFFF))
                break
            }
            guard groups.count < 8, let group = hexadecimal() else { return nil }
            groups.append(group)
            guard !rest.isEmpty else { break }
            guard take(colon), !rest.isEmpty else { return nil }
            if take(colon) {
                guard gap == nil else { return nil }
                gap = groups.count
            }
        }
        return groups.address(gap: gap)
    }

    /// Whether a dot stands before the next colon.
    private var isDotted: Bool {
        rest.first { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") } == UInt8(ascii: ".")
    }

    private mutating func hexadecimal() -> UInt64? {
        var value: UInt64 = 0
        var digits = 0
        while let byte = rest.first, let digit = Self.digit(byte) {
            guard digits < 4 else { return nil }
            value = value << 4 | digit
            digits += 1
            rest.removeFirst()
        }
        return digits > 0 ? value : nil
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x41...0x46: UInt64(byte - 0x41 + 10)
        case 0x61...0x66: UInt64(byte - 0x61 + 10)
        default: nil
        }
    }
}

/// The groups of an IPv6 address as they are read, at most eight.
private struct GroupList {
    private var high: UInt64 = 0
    private var low: UInt64 = 0
    private(set) var count = 0

    mutating func append(_ group: UInt64) {
        high = high << 16 | low >> 48
        low = low << 16 | group
        count += 1
    }

    /// The address, with zeros put where `::` stood (it stands for at least one group).
    func address(gap: Int?) -> IPAddress? {
        guard let gap else { return count == 8 ? IPAddress(high: high, low: low) : nil }
        guard count < 8 else { return nil }
        let bits = UInt128(high) << 64 | UInt128(low)
        let behind = UInt128(count - gap) * 16
        let tail = behind == 0 ? 0 : bits & (UInt128.max >> (128 - behind))
        let front = gap == 0 ? 0 : (bits >> behind) << UInt128((8 - gap) * 16)
        let whole = front | tail
        return IPAddress(high: UInt64(truncatingIfNeeded: whole >> 64), low: UInt64(truncatingIfNeeded: whole))
    }
}
