import Dispatch
import Glibc
import PeerIdentity
import Profiles

/// Notices when profiles in folders change (inotify(7)), and says so once they have been left alone for a moment: programs
/// write a file in several steps, and packages bring several files.
///
/// Drop-ins are watched as profiles are. A folder that is not there is waited for. Of a profile that is a link, what it leads
/// to is watched too.
///
/// Confined to its queue, `init` and `stop` aside, which is what makes `@unchecked Sendable` sound: what these two touch is
/// immutable.
final class ProfileWatch: @unchecked Sendable {
    /// What a watched folder is watched for.
    private enum Target: Hashable {
        /// The profiles or drop-ins in it, and folders of drop-ins.
        case profiles
        /// What has this name: a file that a profile leads to, or a folder on the way to what is watched.
        case entry(named: String)
    }

    /// How many files are watched at most because links among the profiles lead to them.
    private static let linkLimit = 1024

    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF
            | IN_MOVE_SELF)
    /// What is said of a folder itself: it is gone, and so is the watch.
    private static let ends = UInt32(IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)

    private let folders: [ProfileDirectory]
    private let calm: DispatchTimeInterval
    private let patience: DispatchTimeInterval
    private let onChange: @Sendable () -> Void
    private let queue = DispatchQueue(label: "onion-grater.profiles")
    private let inotify: FileDescriptor
    private let source: any DispatchSourceRead
    private var targets: [Int32: Set<Target>] = [:]
    /// Calls `onChange` unless more changes before.
    private var pending: DispatchWorkItem?
    /// When it is called though there is more.
    private var latest: DispatchTime?

    /// - Parameters:
    ///   - calm: how long nothing must have changed.
    ///   - patience: how long that is waited for.
    ///   - onChange: called on a queue of its own, where it may take its time.
    /// - Throws: if there can be no more such watches (`fs.inotify.max_user_instances`).
    init(
        _ folders: [ProfileDirectory], calm: DispatchTimeInterval = .milliseconds(500),
        patience: DispatchTimeInterval = .seconds(5), onChange: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        self.folders = folders
        self.calm = calm
        self.patience = patience
        self.onChange = onChange
        let raw = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard raw >= 0 else { throw SystemError("cannot watch the profiles") }
        inotify = FileDescriptor(owning: raw)
        source = DispatchSource.makeReadSource(fileDescriptor: raw, queue: queue)
        source.setEventHandler { [self] in readEvents() }
        source.setCancelHandler { withExtendedLifetime(self) {} }
        queue.sync { watch() }
        source.resume()
    }

    /// Notices nothing any more.
    func stop() {
        queue.async { [self] in
            pending?.cancel()
            pending = nil
            source.cancel()
        }
    }

    /// Watches the folders and the targets of links; where one does not exist, the nearest folder above it that does.
    private func watch() {
        let previous = targets
        targets = [:]
        var room = Self.linkLimit
        for folder in folders + folders.flatMap(\.dropInFolders) {
            watch(.profiles, in: folder.path)
            let files = folder.linkedFiles(limit: room)
            room -= files.count
            for place in files.compactMap(Self.place) { watch(.entry(named: place.name), in: place.folder) }
        }
        for descriptor in previous.keys where targets[descriptor] == nil {
            inotify_rm_watch(inotify.rawValue, descriptor)
        }
    }

    private func watch(_ target: Target, in folder: String) {
        var (target, folder) = (target, folder)
        while true {
            let descriptor = inotify_add_watch(inotify.rawValue, folder, Self.events | UInt32(IN_ONLYDIR))
            if descriptor >= 0 {
                targets[descriptor, default: []].insert(target)
                return
            }
            guard let place = Self.place(of: folder) else { return }
            (target, folder) = (.entry(named: place.name), place.folder)
        }
    }

    /// In which folder a file is; nil for the folders that are in none.
    private static func place(of path: String) -> (folder: String, name: String)? {
        let slash = UInt8(ascii: "/")
        var rest = Substring(path).utf8
        while rest.last == slash { rest.removeLast() }
        guard !rest.isEmpty, !rest.elementsEqual(".".utf8) else { return nil }
        guard let end = rest.lastIndex(of: slash) else { return (".", String(Substring(rest))) }
        let name = String(Substring(rest[rest.index(after: end)...]))
        return (end == rest.startIndex ? "/" : String(Substring(rest[..<end])), name)
    }

    private func readEvents() {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: MemoryLayout<inotify_event>.alignment) { buffer in
            var isChange = false
            while case let count = read(inotify.rawValue, buffer.baseAddress, buffer.count), count > 0 {
                isChange = isChanged(UnsafeRawBufferPointer(rebasing: buffer[..<count])) || isChange
            }
            if isChange { changed() }
        }
    }

    /// Whether any of the events is about a profile.
    private func isChanged(_ events: UnsafeRawBufferPointer) -> Bool {
        let size = MemoryLayout<inotify_event>.size
        var offset = 0
        while events.count - offset >= size {
            let event = events.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let end = min(offset + size + Int(event.len), events.count)
            let name = String(decoding: events[(offset + size)..<end].prefix { $0 != 0 }, as: UTF8.self)
            offset = end
            // Some events were lost.
            if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return true }
            for target in targets[event.wd] ?? [] {
                if event.mask & Self.ends != 0 { return true }
                switch target {
                case .profiles: if ProfileFile.isName(name) || DropIns.isFolder(name) { return true }
                case .entry(let wanted): if name == wanted { return true }
                }
            }
        }
        return false
    }

    private func changed() {
        let now = DispatchTime.now()
        let latest = latest ?? now + patience
        self.latest = latest
        guard now + calm < latest || pending == nil else { return }
        pending?.cancel()
        let pending = DispatchWorkItem { [self] in
            self.pending = nil
            self.latest = nil
            // First, so that what changes from here on is noticed.
            watch()
            onChange()
        }
        self.pending = pending
        queue.asyncAfter(deadline: now + calm, execute: pending)
    }
}
