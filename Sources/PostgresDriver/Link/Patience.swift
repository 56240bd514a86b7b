/// How long somebody waits for an answer.
struct Patience {
    /// When the statement is broken off; nothing for a statement that has its time.
    var end: ContinuousClock.Instant?
    /// Whether the one who waited has gone; asked whenever the thread is woken.
    var hasLeft: () -> Bool = { false }

    /// Waits for so long from now, whoever leaves.
    static func lasting(_ duration: Duration) -> Patience { Patience(end: .now + duration) }
}
