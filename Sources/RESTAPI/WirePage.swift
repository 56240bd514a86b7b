// Both modules have a Page; this file sees only the wire's.
import ClavigerWire

/// One page of a list as it stands on the wire.
typealias WirePage = Page
