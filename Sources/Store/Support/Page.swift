package import Domain

/// Where a page of a list begins: behind the row with this time and id.
package struct PageCursor: Hashable, Sendable {
    package let time: Instant
    package let id: String

    package init(time: Instant, id: String) {
        self.time = time
        self.id = id
    }
}

/// One page of a list, newest first unless its function says otherwise.
package struct Page<Element: Sendable>: Sendable {
    package let elements: [Element]
    /// Where the next page begins; absent on the last.
    package let next: PageCursor?

    package init(elements: [Element], next: PageCursor?) {
        self.elements = elements
        self.next = next
    }

    /// Makes a page of rows that were asked for with one more than the limit.
    init(_ rows: [Element], limit: Int, cursor: (Element) -> PageCursor) {
        elements = Array(rows.prefix(limit))
        next = rows.count > limit ? elements.last.map(cursor) : nil
    }
}
