import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import GraterCheck

/// The page that `audit --html` makes: well-formed, by itself, and with all that the text has.
@Suite struct AuditPageTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            """
            - name: one<&>"'
              sockets: [a]
              commands:
                GETINFO: ['version', 'address']
                SIGNAL: ['NEWNYM']
              accept: {identities: 'asked & wanted <here>'}

            """, to: "one.yml")
        try folder.write("- {name: two, sockets: [b], commands: {GETINFO: [version]}}\n", to: "two.yml")
    }

    private func page() -> Report {
        Audit(paths: [folder.path], denied: .high, isPage: true).run(style: Style(usesColor: false))
    }

    @Test func isWellFormedAndStandsByItself() throws {
        let text = page().text
        // The void elements of HTML, closed, are all that it has beyond XML.
        let closed = text.replacing(#/<(meta[^>]*)>/#) { "<\($0.1)/>" }.replacing("<!DOCTYPE html>", with: "")
        #expect(try XMLDocument(xmlString: closed).rootElement()?.name == "html")
        #expect(!text.contains("<script") && !text.contains("http:") && !text.contains("https:"))
        #expect(!text.contains("one<&>") && text.contains("one&lt;&amp;&gt;&quot;'"))
    }

    @Test func showsEachHazardOfEachProfile() throws {
        let report = page()
        #expect(report.status == .findings)
        let cells = report.text.matches(of: #/<td class="mark ([a-z ]+)">/#).map { String($0.1) }
        #expect(cells.count == 2 * HazardCatalogue.all.count)
        #expect(cells.contains("reachable critical") && cells.contains { $0.hasPrefix("accepted ") }, "\(cells)")
        #expect(report.text.contains("<code>GETINFO address</code>"))
        #expect(report.text.contains("asked &amp; wanted &lt;here&gt;"))
    }

    /// Each link of the page leads somewhere in it.
    @Test func linksLeadSomewhere() {
        let text = page().text
        let targets = Set(text.matches(of: #/ id="([^"]+)"/#).map { String($0.1) })
        let links = Set(text.matches(of: #/href="#([^"]+)"/#).map { String($0.1) })
        #expect(!links.isEmpty && links.isSubset(of: targets), "\(links.subtracting(targets).sorted())")
    }
}
