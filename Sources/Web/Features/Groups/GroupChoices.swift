internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension [GroupChoice] {
    /// Each brand once, in the order of the list.
    var brands: [Choice] {
        var choices: [Choice] = []
        var last: BrandID?
        for choice in self where choice.brand != last {
            choices.append(Choice(choice.brand.description, choice.brandName))
            last = choice.brand
        }
        return choices
    }

    /// The groups that a filter offers: those of the chosen brand, else all; always the chosen one.
    func groups(of brand: BrandID?, and chosen: AccountGroupID?) -> [Choice] {
        guard let brand else { return groups }
        return filter { $0.brand == brand || $0.group == chosen && chosen != nil }.groups
    }

    /// Each group, with its brand.
    var groups: [Choice] {
        compactMap { choice in
            guard let group = choice.group, let name = choice.groupName else { return nil }
            return Choice(group.description, "\(choice.brandName): \(name)")
        }
    }
}

extension [Choice] {
    func has(_ value: String) -> Bool { contains { $0.value == value } }

    /// Adds this choice if a truncated list lacks it.
    func including(_ own: Choice) -> [Choice] { has(own.value) ? self : [own] + self }
}
