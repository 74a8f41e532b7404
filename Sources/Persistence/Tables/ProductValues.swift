package import Domain

// The product's ids and words as values of statements and columns; a new one is listed here.

extension SQLConvertible where Self: Identifier {
    package static var sqlType: SQLType { .integer }
    package var sqlValue: SQLValue { .integer(number) }
}

extension ColumnValue where Self: Identifier {
    package static var columnType: SQLType { .integer }
    package static var sample: Self { Self(number: 0) }
    package init(_ row: Row, _ column: Int) throws(Misreading) { self.init(number: try row.number(column)) }
}

extension SQLElement where Self: Identifier {
    package static var sqlArrayType: SQLType { .integers }
    package static func sqlArray(_ elements: [Self]) -> SQLValue { .integers(elements.map(\.number)) }
}

extension ClientID: SQLElement {}
extension GuildID: SQLElement {}
extension UserID: SQLElement {}
extension BrandID: SQLElement {}
extension AccountGroupID: SQLElement {}
extension ClientAccountID: SQLElement {}
extension PostID: SQLElement {}
extension SessionID: SQLElement {}
extension GuestID: SQLElement {}
extension APIKeyID: SQLElement {}
extension Level: SQLConvertible {}
extension Platform: SQLConvertible {}
extension AccountStatus: SQLConvertible {}

extension ClientID: ColumnValue {}
extension GuildID: ColumnValue {}
extension UserID: ColumnValue {}
extension BrandID: ColumnValue {}
extension AccountGroupID: ColumnValue {}
extension ClientAccountID: ColumnValue {}
extension PostID: ColumnValue {}
extension SessionID: ColumnValue {}
extension GuestID: ColumnValue {}
extension APIKeyID: ColumnValue {}
extension BotIncidentID: ColumnValue {}
extension Level: ColumnValue {}
extension Platform: ColumnValue {}
extension AccountStatus: ColumnValue {}
extension AuditActor: ColumnValue {}
extension BotState: ColumnValue {}
extension BotState.Report: ColumnValue {}
extension RejectedItem.Batch: ColumnValue {}
extension APIScope: ColumnElement {}
