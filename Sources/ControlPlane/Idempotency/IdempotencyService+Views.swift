internal import Store

extension IdempotencyService.Beginning {
    /// The answer that was kept, or nil if the request is a fresh one.
    package var replayed: (status: Int, body: String?)? {
        if case .replay(let answer) = self { (answer.status, answer.body) } else { nil }
    }
}
