#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What an agent says about the machine it runs on.
///
/// The server shows it as stated; it widens no right.
package struct MachineStatement: Sendable, Equatable {
    package var hostname: String?
    package var os: String?
    package var arch: String?
    package var version: String
    package var cloud: CloudStatement?

    /// Asks the operating system.
    package static func ofThisMachine(version: String) -> MachineStatement {
        var names = utsname()
        guard uname(&names) == 0 else { return MachineStatement(version: version) }
        return MachineStatement(
            hostname: text(of: names.nodename),
            os: text(of: names.sysname).map { $0 == "Linux" ? "linux" : $0 },
            arch: text(of: names.machine),
            version: version
        )
    }

    package init(
        hostname: String? = nil,
        os: String? = nil,
        arch: String? = nil,
        version: String,
        cloud: CloudStatement? = nil
    ) {
        self.hostname = hostname
        self.os = os
        self.arch = arch
        self.version = version
        self.cloud = cloud
    }

    private static func text<Field>(of field: Field) -> String? {
        let bytes = withUnsafeBytes(of: field) { Array($0.prefix { $0 != 0 }) }
        guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty else { return nil }
        return text
    }
}

/// Where a cloud says that this machine stands.
package struct CloudStatement: Sendable, Equatable {
    /// `aws`, `azure` or `gcp`.
    package var name: String
    package var region: String?
    package var instanceID: String?

    package init(name: String, region: String?, instanceID: String?) {
        self.name = name
        self.region = Self.plain(region)
        self.instanceID = Self.plain(instanceID)
    }

    /// Names only: anything else did not come from a metadata service.
    private static func plain(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= 128 else { return nil }
        return text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? text : nil
    }
}
