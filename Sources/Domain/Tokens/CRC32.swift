/// CRC-32/ISO-HDLC, the checksum of zip and Ethernet: reflected, polynomial 0x04C11DB7, check value 0xCBF43926.
package enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
        }
    }

    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value = value >> 8 ^ table[Int((value ^ UInt32(byte)) & 0xFF)]
        }
        return value ^ 0xFFFF_FFFF
    }
}
