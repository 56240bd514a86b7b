/// # Domain
///
/// Every rule of Claviger as a value: ids and time, the token format, permissions and roles, the lifecycle of
/// identities, the rotation state machine, settings and their ranges, the shape of an audit event.
///
/// Nothing in here does I/O, reads a clock, draws randomness or writes a log: time, random bytes and ids come in as
/// ``WallClock``, ``RandomSource`` and ``IDSource``. The target imports `StrictJSON` and `Crypto`, and not Foundation.
package enum Domain {}
