package import Formats

/// An item of a bot's batch that was rejected.
package struct RejectedItem: Sendable, Equatable {
    package enum Batch: String, CaseIterable, Sendable { case accounts, posts }

    /// How the batch came.
    package enum Sender: Sendable, Equatable {
        case sql
        /// A key of the server; nil for one of the installation.
        case key(name: String?)
    }

    package let rejectedAt: Timestamp
    package let batch: Batch
    /// From 0.
    package let place: Int
    /// The first field that is wrong; nil if the item is no object.
    package let field: String?
    package let reason: String
    package let message: String
    /// The beginning of its text.
    package let item: String
    package let sender: Sender

    package init(
        rejectedAt: Timestamp, batch: Batch, place: Int, field: String?, reason: String, message: String, item: String,
        sender: Sender
    ) {
        self.rejectedAt = rejectedAt
        self.batch = batch
        self.place = place
        self.field = field
        self.reason = reason
        self.message = message
        self.item = item
        self.sender = sender
    }
}
