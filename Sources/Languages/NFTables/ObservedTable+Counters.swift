extension ObservedTable {
    /// The counters in a listing that need not contain the table itself (`nft -j list counters`).
    package static func counters(
        inListing listing: [UInt8], _ family: Table.Family, _ name: Name
    ) throws(ListingError) -> [Name: Counter] {
        guard let objects = try ListingReader.read(listing)["nftables"]?.array else {
            throw .unexpected("there is no array 'nftables'")
        }
        var counters: [Name: Counter] = [:]
        for object in objects {
            guard let body = object["counter"], body["family"]?.text == family.rawValue,
                body["table"]?.text == name.text, let counter = body["name"]?.text
            else { continue }
            counters[Name(counter)] = Counter(listing: body)
        }
        return counters
    }
}

extension ObservedTable.Counter {
    init(listing body: Listing) {
        self.init(
            packets: UInt64(clamping: body["packets"]?.number ?? 0), bytes: UInt64(clamping: body["bytes"]?.number ?? 0)
        )
    }
}
