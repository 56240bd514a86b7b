/// Why a text is no range of addresses, with one sentence that says what would be right.
package struct AddressFault: Error, Hashable, Sendable {
    package enum Code: String, Sendable {
        case malformedAddress, zoneRefused, malformedPrefix, prefixTooLong, hostBitsSet
    }

    package let code: Code
    package let message: String

    static let malformedAddress = AddressFault(
        code: .malformedAddress,
        message: "must be an IPv4 address without leading zeros or an IPv6 address, alone or with a prefix length, "
            + "for example 192.0.2.0/24 or 2001:db8::/32"
    )

    static let zoneRefused = AddressFault(
        code: .zoneRefused,
        message: "must be an address without a zone, for example fe80::1: what stands behind % has a meaning on one "
            + "machine only"
    )

    /// `width` is 32 or 128.
    static func malformedPrefix(_ width: Int) -> AddressFault {
        AddressFault(
            code: .malformedPrefix,
            message: "must have a whole number from 0 to \(width) without leading zeros behind the one slash"
        )
    }

    static func prefixTooLong(_ width: Int) -> AddressFault {
        AddressFault(
            code: .prefixTooLong,
            message: "must have a prefix length of at most \(width) for an \(width == 32 ? "IPv4" : "IPv6") address"
        )
    }

    static func hostBitsSet(corrected: AddressRange) -> AddressFault {
        AddressFault(
            code: .hostBitsSet,
            message: "must be written as \(corrected): the address has bits set behind its prefix"
        )
    }
}
