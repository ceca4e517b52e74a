/// What libFuzzer calls with each input that it makes up. A trap, or a property that does not hold, is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let data = Array(UnsafeBufferPointer(start: start, count: count))
    if let violation = PatternProperties.violation(by: data) { fatalError(violation) }
    return 0
}
