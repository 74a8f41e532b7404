internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Values of settings as a person reads them.
extension Setting {
    /// For a value as the form has it.
    func text(of value: String) -> String {
        switch kind {
        case .toggle: value == "on" ? "On" : "Off"
        case .number(_, _, let unit): unit.text(value)
        case .optionalNumber(_, _, let unit, let nothing): value.isEmpty ? nothing : unit.text(value)
        case .webhook: value.isEmpty ? "none" : value
        case .timezone, .currency: value
        }
    }
}

extension RowCount {
    /// For example `916 posts` and `more than 10,000 posts`.
    var posts: String { (isMore ? "more than " : "") + CountText.text(value, "post") }
}
