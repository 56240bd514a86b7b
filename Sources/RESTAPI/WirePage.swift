// Both modules have a Page; this file sees only the wire's.
package import ClavigerWire

/// One page of a list as it stands on the wire.
package typealias WirePage = Page
