package import Domain
internal import Synchronization

/// The hasher of tokens that counts now; replaced when a pepper is added.
package final class TokenHasherSource: Sendable {
    private let hasher: Mutex<TokenHasher>

    package init(_ hasher: TokenHasher) {
        self.hasher = Mutex(hasher)
    }

    package var current: TokenHasher {
        hasher.withLock { $0 }
    }

    package func replace(with newer: TokenHasher) {
        hasher.withLock { $0 = newer }
    }
}
