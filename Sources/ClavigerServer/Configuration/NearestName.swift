/// Finds the name that somebody probably meant.
enum NearestName {
    /// The closest candidate within a third of the name's length; nil if none is close.
    static func of(_ name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let bound = max(1, name.utf8.count / 3)
        let ranked = candidates.map { (distance(Array(name.utf8), Array($0.utf8)), $0) }.min { $0 < $1 }
        guard let (distance, candidate) = ranked, distance <= bound else { return nil }
        return candidate
    }

    /// Levenshtein's distance.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (byte == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
