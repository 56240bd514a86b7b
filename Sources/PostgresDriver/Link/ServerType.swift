import SQLDatabase

/// The server's types that an answer may have, by their numbers in `pg_type`.
enum ServerType {
    static let bytes: UInt32 = 17
    private static let bool: UInt32 = 16
    private static let numeric: UInt32 = 1_700

    /// A value from the server's text form.
    static func decode(_ value: UnsafeRawBufferPointer, type: UInt32) throws(ServerFailure) -> SQLValue {
        switch type {
        case 20, 21, 23, numeric: try .int(integer(value))
        case 25, 1_042, 1_043, 19, 705: .text(String(decoding: value, as: UTF8.self))
        case bytes: try .bytes(unhexed(value))
        case bool: .int(value.first == UInt8(ascii: "t") ? 1 : 0)
        default: throw ServerFailure(.refused, state: wrongColumn, "A column has type \(type), which is none of ours.")
        }
    }

    /// What stands in the place of a SQLSTATE for an answer that can't be read.
    static let wrongColumn = "-type"

    /// Sums of BIGINT are NUMERIC on the server: whole numbers of 64 bits are read, anything else is refused.
    private static func integer(_ value: UnsafeRawBufferPointer) throws(ServerFailure) -> Int64 {
        let isNegative = value.first == UInt8(ascii: "-")
        let digits = value.dropFirst(isNegative ? 1 : 0)
        var number: Int64 = 0
        for byte in digits {
            let (tenfold, overflow) = number.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte) - 48
            let (next, more) = tenfold.addingReportingOverflow(isNegative ? -digit : digit)
            guard (0...9).contains(digit), !overflow, !more else {
                throw ServerFailure(.refused, state: wrongColumn, "A number is no whole number of 64 bits.")
            }
            number = next
        }
        guard !digits.isEmpty else { throw ServerFailure(.refused, state: wrongColumn, "A number has no digits.") }
        return number
    }

    /// The server writes bytes as `\x` and two hexadecimal digits each.
    private static func unhexed(_ value: UnsafeRawBufferPointer) throws(ServerFailure) -> [UInt8] {
        let digits = UnsafeRawBufferPointer(rebasing: value.dropFirst(2))
        guard value.count.isMultiple(of: 2), value.starts(with: #"\x"#.utf8) else {
            throw ServerFailure(.refused, state: wrongColumn, "Bytes are not in hexadecimal digits.")
        }
        return [UInt8](unsafeUninitializedCapacity: digits.count / 2) { bytes, count in
            for place in 0..<digits.count / 2 {
                bytes[place] = nibble(digits[2 * place]) << 4 | nibble(digits[2 * place + 1])
            }
            count = digits.count / 2
        }
    }

    /// The server writes lower-case digits only.
    private static func nibble(_ digit: UInt8) -> UInt8 {
        digit < UInt8(ascii: "a") ? digit &- UInt8(ascii: "0") : digit &- UInt8(ascii: "a") &+ 10
    }
}
