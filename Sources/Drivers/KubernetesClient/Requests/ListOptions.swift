/// What narrows a list or a watch down.
package struct ListOptions: Hashable, Sendable {
    /// Label selector in its text form, as `kubectl -l` takes it.
    package var labelSelector: String?
    /// Field selector, such as `spec.nodeName=a`.
    package var fieldSelector: String?
    /// The largest number of objects in one answer; longer lists are read in several.
    package var pageSize: Int

    package init(labelSelector: String? = nil, fieldSelector: String? = nil, pageSize: Int = 500) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.pageSize = pageSize
    }

    var selectors: [QueryItem] {
        [("labelSelector", labelSelector), ("fieldSelector", fieldSelector)].compactMap { name, value in
            value.map { QueryItem(name, $0) }
        }
    }
}
