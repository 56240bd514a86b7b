/// # Sealing
///
/// The master key and where it comes from, the key ring, and envelope encryption: the only opener of `SealedValue`.
///
/// A value is sealed with AES-256-GCM under the data key of its workspace, organization or of the server; the place it
/// belongs to is associated data, so that it can't be moved. Data keys are wrapped by the master key, which never
/// touches the database. It may import `Domain` and Crypto; the store never imports this.
package enum Sealing {}
