import Glibc
import Synchronization

/// A file beside the database that holds some room of the disk, given up when the disk is full so that urgent
/// transactions (revoke, pause, the kill switch) still go through (AUD-1).
///
/// Once given up, ordinary writes are refused until the room can be held again; otherwise they would eat it.
final class DiskReserve: Sendable {
    private enum Room {
        /// No room was asked for, or the file system can't set any aside.
        case none
        case held
        case givenUp(nextTry: ContinuousClock.Instant)
    }

    private let path: String
    private let bytes: Int
    private let room: Mutex<Room>

    /// Sets so many bytes aside; none turns the reserve off.
    init(path: String, bytes: Int) {
        self.path = path
        self.bytes = bytes
        guard bytes > 0 else {
            room = Mutex(.none)
            return
        }
        room =
            switch Self.hold(bytes, in: path) {
            case 0: Mutex(.held)
            case ENOSPC, EDQUOT: Mutex(.givenUp(nextTry: .now))
            default: Mutex(.none)
            }
    }

    /// Whether ordinary transactions may write: the room is held, or can be held again; tried once a second.
    func allowsOrdinaryWrites() -> Bool {
        room.withLock { room in
            guard case .givenUp(let nextTry) = room else { return true }
            guard nextTry <= .now else { return false }
            guard Self.hold(bytes, in: path) == 0 else {
                room = .givenUp(nextTry: .now + .seconds(1))
                return false
            }
            room = .held
            return true
        }
    }

    /// Gives the room up; answers whether an urgent transaction is worth another try.
    func giveUp() -> Bool {
        room.withLock { room in
            switch room {
            case .none: return false
            case .givenUp: return true
            case .held:
                room = .givenUp(nextTry: .now + .seconds(1))
                return truncate(path, 0) == 0
            }
        }
    }

    /// Answers 0 or an error number.
    private static func hold(_ bytes: Int, in path: String) -> Int32 {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return errno }
        defer { close(file) }
        let failure = posix_fallocate(file, 0, bytes)
        // What was set aside of it is of use to somebody else.
        if failure != 0 { _ = ftruncate(file, 0) }
        return failure
    }
}
