internal import StrictJSON

extension ChannelContention {
    /// Peers remembered at most: more are a sign of contention anyway, and the newest tell it.
    static let peers = 16

    /// What is kept beside the agent's newest channel, so that every node counts with the same numbers.
    package var json: String {
        let newest = thrownOut.sorted { $0.value > $1.value }.prefix(Self.peers)
        let fields: JSONObject = [
            "replacements": .array(replacements.map { .integer($0.microseconds) }),
            "thrown_out": .object(JSONObject(newest.map { ($0.key, .integer($0.value.microseconds)) })),
        ]
        return JSONValue.object(fields).text
    }

    /// Reads what ``json`` wrote; `nil` for anything else.
    package init?(json: String) {
        guard let value = try? JSONValue(parsing: json), let replacements = value["replacements"]?.arrayValue,
            let thrownOut = value["thrown_out"]?.objectValue
        else { return nil }
        self.init()
        for entry in replacements {
            guard let time = entry.integerValue else { return nil }
            self.replacements.append(Instant(microseconds: time))
        }
        for field in thrownOut.fields {
            guard let time = field.value.integerValue else { return nil }
            self.thrownOut[field.name] = Instant(microseconds: time)
        }
    }
}
