import Glibc
import Testing

@testable import PeerIdentity

@Suite("Flatpak applications")
struct FlatpakTests {
    @Test(
        "The scope names the application",
        arguments: [
            ("app-flatpak-org.onionshare.OnionShare-1234.scope", "org.onionshare.OnionShare"),
            ("flatpak-org.onionshare.OnionShare-1234.scope", "org.onionshare.OnionShare"),
            (#"app-flatpak-org.some\x2dthing.App-9.scope"#, "org.some-thing.App"),
            ("app-gnome-org.onionshare.OnionShare-1234.scope", nil),
            ("app-flatpak-org.onionshare.OnionShare.scope", nil),
            ("app-flatpak-org.onionshare.OnionShare-x.scope", nil),
            (#"app-flatpak-org.a\x0a-1.scope"#, nil),
            (#"app-flatpak-org.a\-1.scope"#, nil),
            ("app-flatpak-org.onionshare.OnionShare-1234.service", nil),
        ])
    func scope(name: String, id: String?) {
        #expect(FlatpakApplication.id(inScope: name) == id)
    }

    @Test(
        "The file names the application, once",
        arguments: [
            (
                "[Application]\nname=org.onionshare.OnionShare\nruntime=x\n[Context]\nname=y.z\n",
                "org.onionshare.OnionShare"
            ),
            ("[Runtime]\nname=org.a.B\n", nil),
            ("[Application]\nname=org.a.B\n[Application]\nname=org.c.D\n", nil),
            ("[Application]\nname=org.a.B/x\n", nil),
            ("[Application]\nname=\n", nil),
            ("[Application]x\nname=org.a.B\n", nil),
            ("", nil),
        ])
    func file(text: String, id: String?) {
        #expect(FlatpakInfo.applicationID(in: Array(text.utf8)) == id)
    }

    @Test("This process is none")
    func none() throws {
        let process = try ProcessDirectory(pid: getpid())
        #expect(try FlatpakInfo.applicationID(of: process) == nil)
    }

    @Test("Mounts are told by number, type and whether they can be written to")
    func mounts() {
        let text = """
            36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
            37 36 0:41 /bindfile /.flatpak-info ro,nosuid - tmpfs tmpfs rw
            """
        let mounts = MountTable(text: Array(text.utf8))
        #expect(mounts == MountTable(text: Array((text + "\nnonsense\n").utf8)))
        #expect(mounts != MountTable(text: Array(text.utf8.dropLast(80))))
    }
}
