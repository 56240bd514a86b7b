import Domain
import SQLDatabase
import StrictJSON

/// A policy as the store keeps it: one JSON object; parts that demand nothing are left out, durations are seconds.
///
/// A part that this program doesn't know stops the reading: what somebody forbade can't be passed over (DST-7: a newer
/// node writes new parts only when all nodes know them).
extension OrganizationPolicy {
    private enum Part: String, CaseIterable {
        case maximumLifetime = "maximum_lifetime"
        case expiryRequired = "expiry_required"
        case allowedScopes = "allowed_scopes"
        case serviceTokensNeedAddresses = "service_tokens_need_addresses"
        case maximumTokensPerOwner = "maximum_tokens_per_owner"
        case rotationInterval = "rotation_interval"
        case environmentOverridesKeys = "environment_overrides_keys"
    }

    var stored: String {
        var writer = JSONWriter()
        writer.beginObject()
        write(maximumLifetime, as: .maximumLifetime, to: &writer)
        if !expiryRequired.isEmpty {
            writer.name(Part.expiryRequired.rawValue)
            writer.texts(expiryRequired.map(\.rawValue).sorted())
        }
        if !allowedScopes.isEmpty {
            writer.name(Part.allowedScopes.rawValue)
            writer.beginObject()
            for (role, scopes) in allowedScopes.sorted(by: { $0.key.text < $1.key.text }) {
                writer.name(role.text)
                writer.texts(scopes.texts)
            }
            writer.endObject()
        }
        if serviceTokensNeedAddresses {
            writer.name(Part.serviceTokensNeedAddresses.rawValue)
            writer.bool(true)
        }
        if let maximumTokensPerOwner {
            writer.name(Part.maximumTokensPerOwner.rawValue)
            writer.integer(Int64(maximumTokensPerOwner))
        }
        write(rotationInterval, as: .rotationInterval, to: &writer)
        if let environmentOverridesKeys {
            writer.name(Part.environmentOverridesKeys.rawValue)
            writer.bool(environmentOverridesKeys)
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func write(_ durations: [CredentialKind: Duration], as part: Part, to writer: inout JSONWriter) {
        guard !durations.isEmpty else { return }
        writer.name(part.rawValue)
        writer.beginObject()
        for (kind, duration) in durations.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.name(kind.rawValue)
            writer.integer(duration.components.seconds)
        }
        writer.endObject()
    }

    init(stored text: String) throws {
        guard let object = try? JSONValue(parsing: text).objectValue else { throw Self.unreadable }
        self.init()
        for field in object.fields {
            guard let part = Part(rawValue: field.name) else { throw Self.unreadable }
            try read(part, field.value)
        }
    }

    private mutating func read(_ part: Part, _ value: JSONValue) throws {
        switch part {
        case .maximumLifetime: maximumLifetime = try Self.durations(value)
        case .rotationInterval: rotationInterval = try Self.durations(value)
        case .expiryRequired: expiryRequired = Set(try Self.texts(value).map(Self.kind))
        case .allowedScopes: allowedScopes = try Self.scopes(value)
        case .serviceTokensNeedAddresses: serviceTokensNeedAddresses = try Self.known(value.boolValue)
        case .maximumTokensPerOwner: maximumTokensPerOwner = Int(try Self.known(value.integerValue))
        case .environmentOverridesKeys: environmentOverridesKeys = try Self.known(value.boolValue)
        }
    }

    private static func durations(_ value: JSONValue) throws -> [CredentialKind: Duration] {
        var durations: [CredentialKind: Duration] = [:]
        for field in try known(value.objectValue).fields {
            durations[try kind(field.name)] = .seconds(try known(field.value.integerValue))
        }
        return durations
    }

    private static func scopes(_ value: JSONValue) throws -> [AccessRole: ScopeSet] {
        var allowed: [AccessRole: ScopeSet] = [:]
        for field in try known(value.objectValue).fields {
            guard case .success(let scopes) = ScopeSet.parse(try texts(field.value)) else { throw unreadable }
            allowed[try known(AccessRole(field.name))] = scopes
        }
        return allowed
    }

    private static func texts(_ value: JSONValue) throws -> [String] {
        try known(value.arrayValue).map { try known($0.stringValue) }
    }

    private static func kind(_ text: String) throws -> CredentialKind { try known(CredentialKind(rawValue: text)) }

    private static func known<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw unreadable }
        return value
    }

    private static var unreadable: DatabaseError {
        DatabaseError(.columnType, "A column does not hold a policy that this version understands.")
    }
}

extension JSONWriter {
    fileprivate mutating func texts(_ texts: [String]) {
        beginArray()
        for text in texts { string(text) }
        endArray()
    }
}
