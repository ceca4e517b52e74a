/// The names that tor knows, so that no audit shows an option that tor would refuse, and editors can complete them.
///
/// Made by Tests/tools/update-tor-names.
enum TorNames {
    /// The tor that the names are of.
    static let version = "0.4.9.11"

    /// Names of options (`GETINFO config/names`).
    static let options = words(
        """
        __AllDirActionsPrivate __AlwaysCongestionControl __ControlPort __DirPort __DisablePredictedCircuits
        __DisableSignalHandlers __DNSPort __ExtORPort __HashedControlSessionPassword __HTTPTunnelPort
        __LeaveStreamsUnattached __MetricsPort __NATDPort __ORPort __OwningControllerFD __OwningControllerProcess
        __ReloadTorrcOnSIGHUP __SbwsExit __SocksPort __TransPort AccelDir AccelName AccountingMax AccountingRule
        AccountingStart Address AddressDisableIPv6 AllowNonRFC953Hostnames AlternateBridgeAuthority
        AlternateDirAuthority AssumeReachable AssumeReachableIPv6 AuthDirBadExit AuthDirBadExitCCs AuthDirFastGuarantee
        AuthDirGuardBWGuarantee AuthDirHasIPv6Connectivity AuthDirInvalid AuthDirInvalidCCs AuthDirListBadExits
        AuthDirListMiddleOnly AuthDirMaxServersPerAddr AuthDirMiddleOnly AuthDirMiddleOnlyCCs AuthDirPinKeys
        AuthDirReject AuthDirRejectCCs AuthDirRejectRequestsUnderLoad AuthDirSharedRandomness
        AuthDirTestEd25519LinkKeys AuthDirTestReachability AuthDirVoteGuard AuthDirVoteGuardBwThresholdFraction
        AuthDirVoteGuardGuaranteeTimeKnown AuthDirVoteGuardGuaranteeWFU AuthDirVoteStableGuaranteeMinUptime
        AuthDirVoteStableGuaranteeMTBF AuthoritativeDirectory AutomapHostsOnResolve AutomapHostsSuffixes
        AvoidDiskWrites BandwidthBurst BandwidthRate Bridge BridgeAuthoritativeDir BridgeDistribution BridgePassword
        BridgeRecordUsageByCountry BridgeRelay CacheDirectory CacheDirectoryGroupReadable CellStatistics
        CircuitBuildTimeout CircuitPadding CircuitPriorityHalflife CircuitsAvailableTimeout CircuitStreamTimeout
        ClientBootstrapConsensusAuthorityDownloadInitialDelay ClientBootstrapConsensusAuthorityOnlyDownloadInitialDelay
        ClientBootstrapConsensusFallbackDownloadInitialDelay ClientBootstrapConsensusMaxInProgressTries
        ClientDNSRejectInternalAddresses ClientOnionAuthDir ClientOnly ClientPreferIPv6DirPort ClientPreferIPv6ORPort
        ClientRejectInternalAddresses ClientTransportPlugin ClientUseIPv4 ClientUseIPv6 CompiledProofOfWorkHash
        ConfluxClientUX ConfluxEnabled ConnDirectionStatistics ConnectionPadding ConnLimit ConsensusParams
        ConstrainedSockets ConstrainedSockSize ContactInfo ControlPort ControlPortFileGroupReadable ControlPortLines
        ControlPortWriteToFile ControlSocket ControlSocketsGroupWritable CookieAuthentication CookieAuthFile
        CookieAuthFileGroupReadable CountPrivateBandwidth DataDirectory DataDirectoryGroupReadable
        DirAllowPrivateAddresses DirAuthority DirAuthorityFallbackRate DirCache DirPolicy DirPort DirPortFrontPage
        DirPortLines DirReqStatistics DisableAllSwap DisableDebuggerAttachment DisableNetwork DisableOOSCheck DNSPort
        DNSPortLines DormantCanceledByStartup DormantClientTimeout DormantOnFirstStartup
        DormantTimeoutDisabledByIdleStreams DormantTimeoutEnabled DoSCircuitCreationBurst
        DoSCircuitCreationDefenseTimePeriod DoSCircuitCreationDefenseType DoSCircuitCreationEnabled
        DoSCircuitCreationMinConnections DoSCircuitCreationRate DoSConnectionConnectBurst
        DoSConnectionConnectDefenseTimePeriod DoSConnectionConnectRate DoSConnectionDefenseType DoSConnectionEnabled
        DoSConnectionMaxConcurrentCount DoSRefuseSingleHopClientRendezvous DoSStreamCreationBurst
        DoSStreamCreationDefenseType DoSStreamCreationEnabled DoSStreamCreationRate DownloadExtraInfo
        EnforceDistinctSubnets EntryNodes EntryStatistics ExcludeExitNodes ExcludeNodes ExitNodes ExitPolicy
        ExitPolicyRejectLocalInterfaces ExitPolicyRejectPrivate ExitPortStatistics ExitRelay
        ExtendAllowPrivateAddresses ExtendByEd25519ID ExtORPort ExtORPortCookieAuthFile
        ExtORPortCookieAuthFileGroupReadable ExtORPortLines ExtraInfoStatistics FallbackDir FamilyId FamilyKeyDirectory
        FascistFirewall FetchDirInfoEarly FetchDirInfoExtraEarly FetchHidServDescriptors FetchServerDescriptors
        FetchUselessDescriptors FirewallPorts GeoIPExcludeUnknown GeoIPFile GeoIPv6File GuardfractionFile GuardLifetime
        HardwareAccel HashedControlPassword HeartbeatPeriod HiddenServiceAllowUnknownPorts HiddenServiceDir
        HiddenServiceDirGroupReadable HiddenServiceEnableIntroDoSBurstPerSec HiddenServiceEnableIntroDoSDefense
        HiddenServiceEnableIntroDoSRatePerSec HiddenServiceExportCircuitID HiddenServiceMaxStreams
        HiddenServiceMaxStreamsCloseCircuit HiddenServiceNonAnonymousMode HiddenServiceNumIntroductionPoints
        HiddenServiceOnionBalanceInstance HiddenServiceOptions HiddenServicePort HiddenServicePoWDefensesEnabled
        HiddenServicePoWQueueBurst HiddenServicePoWQueueRate HiddenServiceSingleHopMode HiddenServiceStatistics
        HiddenServiceVersion HSLayer2Nodes HSLayer3Nodes HTTPProxy HTTPProxyAuthenticator HTTPSProxy
        HTTPSProxyAuthenticator HTTPTunnelPort HTTPTunnelPortLines IPv6Exit KeepalivePeriod KeepBindCapabilities
        KeyDirectory KeyDirectoryGroupReadable KISTSchedRunInterval KISTSockBufSizeFactor LearnCircuitBuildTimeout Log
        LogMessageDomains LogTimeGranularity LongLivedPorts MainloopStats MapAddress MaxAdvertisedBandwidth
        MaxCircuitDirtiness MaxClientCircuitsPending MaxConsensusAgeForDiffs MaxHSDirCacheBytes MaxMemInQueues
        MaxOnionQueueDelay MaxUnparseableDescSizeToLog MetricsPort MetricsPortLines MetricsPortPolicy MiddleNodes
        MinimalAcceptedServerVersion MinMeasuredBWsForAuthToIgnoreAdvertised MinUptimeHidServDirectoryV2 MyFamily
        NATDPort NATDPortLines NewCircuitPeriod Nickname NodeFamily NoExec NumCPUs NumDirectoryGuards NumEntryGuards
        NumPrimaryGuards OfflineMasterKey ORPort ORPortLines OutboundBindAddress OutboundBindAddressExit
        OutboundBindAddressOR OutboundBindAddressPT OverloadStatistics PaddingStatistics PathBiasCircThreshold
        PathBiasDropGuards PathBiasExtremeRate PathBiasExtremeUseRate PathBiasNoticeRate PathBiasNoticeUseRate
        PathBiasScaleThreshold PathBiasScaleUseThreshold PathBiasUseThreshold PathBiasWarnRate
        PathsNeededToBuildCircuits PerConnBWBurst PerConnBWRate PidFile ProtocolWarnings PublishHidServDescriptors
        PublishServerDescriptor ReachableAddresses ReachableDirAddresses ReachableORAddresses RecommendedClientVersions
        RecommendedServerVersions RecommendedVersions ReconfigDropsBridgeDescs ReducedCircuitPadding
        ReducedConnectionPadding ReducedExitPolicy ReevaluateExitPolicy RefuseUnknownExits RejectPlaintextPorts
        RelayBandwidthBurst RelayBandwidthRate RephistTrackTime RunAsDaemon SafeLogging SafeSocks Sandbox Schedulers
        ServerDNSAllowBrokenConfig ServerDNSAllowNonRFC953Hostnames ServerDNSDetectHijacking ServerDNSRandomizeCase
        ServerDNSResolvConfFile ServerDNSSearchDomains ServerDNSTestAddresses ServerTransportListenAddr
        ServerTransportOptions ServerTransportPlugin ShutdownWaitLength SigningKeyLifetime Socks4Proxy Socks5Proxy
        Socks5ProxyPassword Socks5ProxyUsername SocksPolicy SocksPort SocksPortLines SocksTimeout SSLKeyLifetime
        StrictNodes SyslogIdentityTag TCPProxy TestingAuthDirTimeToLearnReachability TestingAuthKeyLifetime
        TestingAuthKeySlop TestingBridgeBootstrapDownloadInitialDelay TestingBridgeDownloadInitialDelay
        TestingClientConsensusDownloadInitialDelay TestingClientDownloadInitialDelay
        TestingClientMaxIntervalWithoutRequest TestingDirAuthVoteExit TestingDirAuthVoteExitIsStrict
        TestingDirAuthVoteGuard TestingDirAuthVoteGuardIsStrict TestingDirAuthVoteHSDir TestingDirAuthVoteHSDirIsStrict
        TestingDirConnectionMaxStall TestingEnableCellStatsEvent TestingEnableConnBwEvent TestingLinkCertLifetime
        TestingLinkKeySlop TestingMinExitFlagThreshold TestingMinFastFlagThreshold TestingMinTimeToReportBandwidth
        TestingServerConsensusDownloadInitialDelay TestingServerDownloadInitialDelay TestingSigningKeySlop
        TestingTorNetwork TestingV3AuthInitialDistDelay TestingV3AuthInitialVoteDelay
        TestingV3AuthInitialVotingInterval TestingV3AuthVotingStartOffset TestSocks TokenBucketRefillInterval
        TrackHostExits TrackHostExitsExpire TransPort TransPortLines TransProxyType TruncateLogFile
        UnixSocksGroupWritable UpdateBridgesFromAuthority UseBridges UseDefaultFallbackDirs UseEntryGuards
        UseGuardFraction UseMicrodescriptors User V3AuthDistDelay V3AuthNIntervalsValid V3AuthoritativeDirectory
        V3AuthUseLegacyKey V3AuthVoteDelay V3AuthVotingInterval V3BandwidthsFile VanguardsLiteEnabled
        VersioningAuthoritativeDirectory VirtualAddrNetworkIPv4 VirtualAddrNetworkIPv6 WarnPlaintextPorts
        """)

    /// Keywords of GETINFO (`info/names`); '*' stands for what follows.
    static let keywords = words(
        """
        accounting/bytes accounting/bytes-left accounting/enabled accounting/hibernating accounting/interval-end
        accounting/interval-start accounting/interval-wake address address-mappings/all address-mappings/cache
        address-mappings/config address-mappings/control address/v4 address/v6 bw-event-cache circuit-status
        config-can-saveconf config-defaults-file config-file config-text config/* config/defaults config/names
        consensus/* current-time/* current-time/local current-time/utc desc-annotations/id/* desc/all-recent
        desc/download-enabled desc/id/* desc/name/* dir/server/* dir/status-vote/current/consensus
        dir/status-vote/current/consensus-microdesc dir/status/* dormant downloads/bridge/* downloads/bridge/bridges
        downloads/cert/* downloads/cert/fps downloads/desc/* downloads/desc/descs downloads/networkstatus/*
        downloads/networkstatus/microdesc downloads/networkstatus/microdesc/bootstrap
        downloads/networkstatus/microdesc/running downloads/networkstatus/ns downloads/networkstatus/ns/bootstrap
        downloads/networkstatus/ns/running entry-guards events/names exit-policy/default exit-policy/full
        exit-policy/ipv4 exit-policy/ipv6 exit-policy/reject-private/default exit-policy/reject-private/relay
        extra-info/digest/* features/names hs/client/desc/id* hs/service/desc/id/* info/names ip-to-country/*
        limits/max-mem-in-queues md/all md/download-enabled md/id/* md/name/* net/listeners/* network-liveness
        network-status ns/all ns/id/* ns/name/* ns/purpose/* onions/current onions/detached orconn-status
        process/descriptor-limit process/pid process/uid process/user signal/names sr/current sr/previous stats/ntor/*
        stats/ntor/assigned stats/ntor/requested stats/tap/* stats/tap/assigned stats/tap/requested
        status/bootstrap-phase status/circuit-established status/clients-seen status/enough-dir-info
        status/fresh-relay-descs status/version/current status/version/recommended stream-status traffic/read
        traffic/written uptime version
        """)

    /// Names of signals (`GETINFO signal/names`).
    static let signals = words(
        """
        RELOAD HUP SHUTDOWN DUMP USR1 DEBUG USR2 HALT TERM INT NEWNYM CLEARDNSCACHE HEARTBEAT ACTIVE DORMANT
        """)

    private static func words(_ text: String) -> [String] { text.split { $0 == " " || $0 == "\n" }.map(String.init) }
}
