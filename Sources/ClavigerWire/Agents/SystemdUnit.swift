/// The systemd unit of the daemon, hardened, without root.
///
/// The service user owns nothing but the state directory. An exit that only a person can mend (revoked, deleted, reset,
/// not enrolled, state refused, wrong setting) is not restarted. It stands here because the server shows it and the
/// daemon writes it.
public enum SystemdUnit {
    /// The unit's text for a daemon at the given path, run by the given user.
    public static func text(
        program: String = "/usr/local/bin/claviger-agent",
        user: String = "claviger-agent"
    ) -> String {
        """
        [Unit]
        Description=Claviger agent
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=exec
        User=\(user)
        ExecStart=\(program) run
        StateDirectory=claviger-agent
        StateDirectoryMode=0700
        EnvironmentFile=-/etc/claviger-agent.env
        Restart=always
        RestartSec=5
        RestartPreventExitStatus=10 11 12 13 14 15 18
        TimeoutStopSec=10
        UMask=0077
        NoNewPrivileges=yes
        CapabilityBoundingSet=
        AmbientCapabilities=
        LockPersonality=yes
        MemoryDenyWriteExecute=yes
        PrivateDevices=yes
        PrivateTmp=yes
        ProtectClock=yes
        ProtectControlGroups=yes
        ProtectHome=yes
        ProtectHostname=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        ProtectProc=invisible
        ProtectSystem=strict
        RemoveIPC=yes
        RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
        RestrictNamespaces=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallErrorNumber=EPERM
        LimitCORE=0

        [Install]
        WantedBy=multi-user.target

        """
    }
}
