import FilterEngine
import Testing

@testable import ProxyServer

struct OnionServiceStoreTests {
    private func address(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func servicesAreTheirProfilesOwn() {
        let store = OnionServiceStore()
        store.note(.added(address("one")), of: "chat")
        store.note(.added(address("two")), of: "mail")
        store.note(.added(address("three")), of: "chat")
        store.note(.deleted(address("one")), of: "chat")
        store.note(.deleted(address("two")), of: "chat")
        #expect(store.services(of: "chat") == [address("three")])
        #expect(store.services(of: "mail") == [address("two")])
        #expect(store.services(of: "other").isEmpty)
    }

    @Test func aClientThatCreatesWithoutEndIsNotRememberedWithoutEnd() {
        let store = OnionServiceStore()
        for number in 0..<5000 { store.note(.added(address("\(number)")), of: "chat") }
        #expect(store.services(of: "chat").count <= 4096)
        #expect(store.services(of: "chat").contains(address("4999")))
    }
}
