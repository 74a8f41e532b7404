import Domain
import Formats
import Testing

@testable import Web

@Suite struct `Numbers on pages` {
    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (100_000, "100,000"),
            (.max, "9,223,372,036,854,775,807"), (.min, "-9,223,372,036,854,775,808"),
        ] as [(Int64, String)])
    func `are grouped by thousands`(number: Int64, text: String) {
        #expect(NumberText.grouped(number) == text)
    }

    @Test(
        arguments: [
            (0, "0"), (7, "7"), (999, "999"), (1_000, "1 K"), (1_049, "1 K"), (1_050, "1.1 K"), (1_234_567, "1.2 M"),
            (12_345, "12.3 K"),
            (99_949, "99.9 K"), (99_950, "100 K"), (123_456, "123 K"), (999_499, "999 K"), (999_500, "1 M"),
            (999_999, "1 M"),
            (999_499_999, "999 M"), (999_500_000, "1 B"), (2_500_000_000_000, "2.5 T"), (-1_500, "-1.5 K"),
            (-999_999, "-1 M"),
            (.max, "9,223,372 T"), (.min, "-9,223,372 T"),
        ] as [(Int64, String)])
    func `are shortened to three digits, never 1000 of a unit`(number: Int64, text: String) {
        #expect(NumberText.compact(number) == text)
    }

    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (999_999, "1 MB"), (20_000_000, "20 MB"),
            (3_400_000_000, "3.4 GB"),
        ] as [(Int64, String)])
    func `of bytes have their unit`(number: Int64, text: String) {
        #expect(NumberText.bytes(number) == text)
    }

    @Test(
        arguments: [
            (0.123, "12.3%"), (0, "0.0%"), (1, "100.0%"), (0.0005, "0.1%"), (12.5, "1,250.0%"), (-0.05, "-5.0%"),
            (-0.00001, "0.0%"),
            (.nan, "–"), (.infinity, "–"), (1e300, "–"),
        ] as [(Double, String)])
    func `as a rate have one decimal`(rate: Double, text: String) {
        #expect(NumberText.percent(rate) == text)
    }

    @Test(
        arguments: [
            (0, 3, "0.0%"), (1, 3, "33.3%"), (3, 3, "100.0%"), (99_999, 100_000, ">99.9%"), (1, 100_000, "<0.1%"),
            (4, 3, "133.3%"), (1, 0, "–"),
        ] as [(Int64, Int64, String)])
    func `as a share are not rounded to all or nothing`(part: Int64, whole: Int64, text: String) {
        #expect(NumberText.percent(part, of: whole) == text)
    }
}
