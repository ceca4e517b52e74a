import FilterEngine
import Testing

@testable import ProxyServer

struct OnionServiceStoreTests {
    private func address(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func servicesAreTheirProfilesOwn() {
        let store = OnionServiceStore()
        store.record(.added(address("one")), of: "chat")
        store.record(.added(address("two")), of: "mail")
        store.record(.added(address("three")), of: "chat")
        store.record(.deleted(address("one")), of: "chat")
        store.record(.deleted(address("two")), of: "chat")
        #expect(store.services(of: "chat") == [address("three")])
        #expect(store.services(of: "mail") == [address("two")])
        #expect(store.services(of: "other").isEmpty)
    }

    @Test func aClientThatCreatesWithoutEndIsNotRememberedWithoutEnd() {
        let store = OnionServiceStore()
        for number in 0..<5000 { store.record(.added(address("\(number)")), of: "chat") }
        #expect(store.services(of: "chat").count <= 4096)
        #expect(store.services(of: "chat").contains(address("4999")))
    }
}
