import Testing

@testable import GraterCheck

@Suite struct LineDifferenceTests {
    @Test func namesTheFirstDifference() {
        let (lines, first) = LineDifference.between(expected: ["a", "b", "c"], actual: ["a", "x", "c", "d"])
        #expect(lines == [.same("a"), .missing("b"), .unexpected("x"), .same("c"), .unexpected("d")])
        #expect(first == 1)
    }

    @Test func extraLinesAreBeyondTheLast() {
        let (lines, first) = LineDifference.between(expected: ["a"], actual: ["a", "b"])
        #expect(lines == [.same("a"), .unexpected("b")])
        #expect(first == 1)
    }

    @Test func equalTextsDoNotDiffer() {
        #expect(LineDifference.between(expected: ["a"], actual: ["a"]).firstDifference == nil)
    }
}
