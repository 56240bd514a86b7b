// Both modules have a HelloResult; this file sees only the control plane's.
import ControlPlane

/// What the control plane answers to a proof: the session, and the result of the hello.
typealias ChannelOpening = (session: ChannelSession, result: HelloResult)
