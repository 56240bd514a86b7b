// Both modules have a HelloResult; this file sees only the wire's.
import ClavigerWire

/// The result of `agent.hello` as it stands on the wire.
typealias ChannelWelcome = HelloResult
