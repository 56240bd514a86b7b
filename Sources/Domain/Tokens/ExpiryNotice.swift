/// How near the end of a token is that its owner hears of (TOK-7).
package enum ExpiryNotice: String, CaseIterable, Sendable {
    case inFourteenDays = "14d"
    case inThreeDays = "3d"
    case inOneDay = "1d"
    case expired

    /// How long before the end it is due.
    package var lead: Duration {
        switch self {
        case .inFourteenDays: .days(14)
        case .inThreeDays: .days(3)
        case .inOneDay: .days(1)
        case .expired: .zero
        }
    }

    /// The longest lead there is.
    package static let longestLead = Duration.days(14)
    /// How long after a token's end its owner still hears of it, if nobody told them in time.
    package static let lateness = Duration.days(7)

    /// The notice that is due now for a text with this life; only the last one that was reached counts, so that a server
    /// that was away for long doesn't tell the same thing four times.
    ///
    /// A text that was issued within the lead gets no notice of it: whoever makes a token for a week knows that it ends.
    package static func due(issuedAt: Instant, endsAt: Instant, now: Instant) -> ExpiryNotice? {
        guard now < endsAt + lateness else { return nil }
        return allCases.last { notice in
            let time = endsAt - notice.lead
            return time <= now && issuedAt < time
        }
    }
}
