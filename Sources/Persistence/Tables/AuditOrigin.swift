internal import Domain
internal import Formats

/// The origin of a change, for the audit log.
package struct AuditOrigin: Sendable, Equatable {
    package enum Source: String, SQLConvertible, Sendable { case page, api }

    package let source: Source
    /// In a format that PostgreSQL's `inet` accepts.
    package let address: String?

    package init(_ source: Source, address: String?) {
        self.source = source
        self.address = address
    }
}
