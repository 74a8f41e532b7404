import Formats
import HTTP

/// Makes inputs out of stored ones; the same seed makes the same inputs.
struct Mutator {
    private var state: UInt64
    private let stored: [[UInt8]]

    init(seed: UInt64, _ stored: [[UInt8]]) {
        state = seed
        self.stored = stored
    }

    /// A stored input with one to eight changes.
    mutating func next() -> [UInt8] {
        var bytes = stored.isEmpty ? [] : stored[below(stored.count)]
        for _ in 0...below(8) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(UInt8(below(256))) }
        let place = below(bytes.count)
        let part = bytes[place..<min(bytes.count, place + 1 + below(8))]
        switch below(6) {
        case 0: bytes[place] = UInt8(below(256))
        case 1: bytes[place] ^= 1 << UInt8(below(8))
        case 2: bytes.removeSubrange(part.indices)
        case 3: bytes.insert(contentsOf: part, at: below(bytes.count))
        case 4: bytes.insert(UInt8(below(256)), at: place)
        default:
            let other = stored[below(stored.count)]
            bytes = Array(bytes[..<place]) + other.dropFirst(below(other.count + 1))
        }
    }

    private mutating func below(_ bound: Int) -> Int { Int(random() % UInt64(bound)) }

    /// SplitMix64, after Steele, Lea and Flood.
    private mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
