internal import StrictJSON

extension AgentDraft {
    /// The profile these fields make, or every fault there is.
    package func checked() -> Result<AgentProfile, FieldFaults> {
        var check = AgentFieldCheck()
        let profile = AgentProfile(
            name: check.text(name, at: "/name", 1...255),
            slug: check.slug(slug ?? Self.slug(from: name)),
            description: check.text(description ?? "", at: "/description", 0...2000),
            persona: check.text(persona ?? "", at: "/persona", 0...10_000),
            inputSchema: check.schema(inputSchema, at: "/input_schema"),
            outputSchema: check.schema(outputSchema, at: "/output_schema"),
            triggerModes: check.triggers(triggerModes),
            labels: check.labels(labels ?? [:]),
            environment: environment.map { check.text($0, at: "/environment", 1...64) },
            region: region.map { check.text($0, at: "/region", 1...64) },
            allowedModels: check.models(allowedModels ?? [])
        )
        return check.faults.isEmpty ? .success(profile) : .failure(FieldFaults(faults: check.faults))
    }

    /// A draft that says what a profile says.
    package init(_ profile: AgentProfile) {
        self.init(
            name: profile.name,
            slug: profile.slug,
            description: profile.description,
            persona: profile.persona,
            inputSchema: profile.inputSchema,
            outputSchema: profile.outputSchema,
            triggerModes: profile.triggerModes.map(\.rawValue),
            labels: profile.labels,
            environment: profile.environment,
            region: profile.region,
            allowedModels: profile.allowedModels
        )
    }

    /// `Billing  Bot №1` → `billing-bot-1`; `agent` if nothing is left.
    static func slug(from name: String) -> String {
        var slug = ""
        for byte in name.utf8.prefix(255) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                slug.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                slug.unicodeScalars.append(Unicode.Scalar(byte + 32))
            default:
                if let last = slug.last, last != "-" { slug += "-" }
            }
        }
        slug = String(slug.prefix(63))
        while slug.last == "-" { slug.removeLast() }
        return slug.isEmpty ? "agent" : slug
    }
}

extension AgentPatch {
    /// The draft that an agent's profile becomes by this change.
    package func applied(to profile: AgentProfile) -> AgentDraft {
        var draft = AgentDraft(profile)
        if let value = name.applied(to: draft.name) { draft.name = value } else { draft.name = "" }
        draft.slug = slug.applied(to: draft.slug)
        draft.description = description.applied(to: draft.description)
        draft.persona = persona.applied(to: draft.persona)
        draft.inputSchema = inputSchema.applied(to: draft.inputSchema)
        draft.outputSchema = outputSchema.applied(to: draft.outputSchema)
        draft.triggerModes = triggerModes.applied(to: draft.triggerModes)
        draft.labels = labels.applied(to: draft.labels)
        draft.environment = environment.applied(to: draft.environment)
        draft.region = region.applied(to: draft.region)
        draft.allowedModels = allowedModels.applied(to: draft.allowedModels)
        return draft
    }
}

/// Collects the faults of fields while it reads them.
private struct AgentFieldCheck {
    var faults: [FieldFault] = []

    mutating func text(_ value: String, at path: String, _ range: ClosedRange<Int>) -> String {
        if !range.contains(value.unicodeScalars.count) {
            fault(path, "must have \(range.lowerBound) to \(range.upperBound) characters")
        } else if value.unicodeScalars.contains(where: Self.isForbidden) {
            fault(path, "must not contain control characters")
        }
        return value
    }

    mutating func slug(_ value: String) -> String {
        let isWellFormed =
            (1...63).contains(value.utf8.count) && value.first != "-" && value.last != "-"
            && value.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
        if !isWellFormed { fault("/slug", "must be 1 to 63 of a-z, 0-9 and -, neither first nor last a -") }
        return value
    }

    mutating func schema(_ text: String?, at path: String) -> String? {
        guard let text else { return nil }
        do throws(JSONError) {
            if let found = JSONSchemaDocument.fault(in: try JSONValue(parsing: text)) {
                fault(path + found.path.text, found.message)
            }
        } catch {
            fault(path, "must be JSON")
        }
        return text
    }

    mutating func triggers(_ names: [String]?) -> [TriggerMode] {
        guard let names else { return [.manual] }
        var modes: [TriggerMode] = []
        for (place, name) in names.enumerated() {
            if let mode = TriggerMode(rawValue: name) {
                if !modes.contains(mode) { modes.append(mode) }
            } else {
                let accepted = TriggerMode.allCases.map(\.rawValue).joined(separator: ", ")
                fault("/trigger_modes/\(place)", "must be one of \(accepted)")
            }
        }
        return modes
    }

    mutating func labels(_ labels: [String: String]) -> [String: String] {
        if labels.count > 64 { fault("/labels", "must be at most 64") }
        for (name, value) in labels.sorted(by: { $0.key < $1.key }) {
            _ = text(name, at: "/labels", 1...63)
            _ = text(value, at: "/labels/\(name)", 0...255)
        }
        return labels
    }

    mutating func models(_ models: [String]) -> [String] {
        if models.count > 100 { fault("/allowed_models", "must be at most 100") }
        for (place, model) in models.enumerated() { _ = text(model, at: "/allowed_models/\(place)", 1...128) }
        return models
    }

    private mutating func fault(_ path: String, _ message: String) {
        faults.append(FieldFault(path: path, message: message))
    }

    /// Control characters other than tab and line feed; U+0000 among them.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\t" && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
    }
}
