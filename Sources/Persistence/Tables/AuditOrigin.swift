internal import Domain
internal import Formats

/// From where something was asked, for the audit log.
package struct AuditOrigin: Sendable, Equatable {
    package enum Source: String, SQLConvertible, Sendable { case page, api }

    package let source: Source
    /// As text that PostgreSQL's `inet` takes.
    package let address: String?

    package init(_ source: Source, address: String?) {
        self.source = source
        self.address = address
    }
}
