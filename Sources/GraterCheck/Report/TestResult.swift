/// What came of one test, in the forms that test harnesses take.
struct TestResult: Sendable {
    /// What was tested; empty for no file.
    let file: String
    let name: String
    /// Why it failed; nil if it passed.
    let problem: String?

    /// Test Anything Protocol, version 13.
    static func tap(_ results: [TestResult]) -> String {
        var text = "TAP version 13\n1..\(results.count)\n"
        for (number, result) in zip(1..., results) {
            // '#' begins a directive there.
            let title = [result.file, result.name].filter { !$0.isEmpty }.joined(separator: ": ")
                .filter { $0 != "#" && $0 != "\n" }
            text += "\(result.problem == nil ? "ok" : "not ok") \(number) - \(title)\n"
            for line in result.problem?.split(separator: "\n") ?? [] { text += "# \(line)\n" }
        }
        return text
    }

    /// JUnit's XML, as Jenkins and GitLab read it: a suite for each file.
    static func junit(_ results: [TestResult], suite: String) -> String {
        var files: [String] = []
        for result in results where !files.contains(result.file) { files.append(result.file) }
        let failures = results.count { $0.problem != nil }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"\(suite)\" tests=\"\(results.count)\" failures=\"\(failures)\">\n"
        for file in files {
            let cases = results.filter { $0.file == file }
            let name = MarkupText.escape(file.isEmpty ? suite : file)
            text += "  <testsuite name=\"\(name)\" tests=\"\(cases.count)\""
            text += " failures=\"\(cases.count { $0.problem != nil })\">\n"
            for result in cases {
                text += "    <testcase classname=\"\(name)\" name=\"\(MarkupText.escape(result.name))\""
                if let problem = result.problem {
                    let first = problem.split(separator: "\n").first.map(String.init) ?? ""
                    text +=
                        ">\n      <failure message=\"\(MarkupText.escape(first))\">\(MarkupText.escape(problem))</failure>\n"
                    text += "    </testcase>\n"
                } else {
                    text += "/>\n"
                }
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }
}
