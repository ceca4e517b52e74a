# A NixOS module: tor, and onion-grater before it. Give the package as services.onion-grater.package, and profiles as files.
{ config, lib, ... }:
let
  cfg = config.services.onion-grater;
in
{
  options.services.onion-grater = {
    enable = lib.mkEnableOption "the filter between applications and tor's control port";
    package = lib.mkOption { type = lib.types.package; };
    profiles = lib.mkOption {
      type = lib.types.attrsOf lib.types.path;
      default = { };
      description = "Profiles by name: each becomes /etc/onion-grater.d/NAME.yml.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.tor = {
      enable = true;
      client.enable = true;
      settings.ControlSocket = [ { path = "/run/tor/control"; mode = "0660"; } ];
      settings.CookieAuthentication = true;
      settings.CookieAuthFileGroupReadable = true;
    };
    environment.etc = lib.mapAttrs' (
      name: file: lib.nameValuePair "onion-grater.d/${name}.yml" { source = file; }
    ) cfg.profiles;
    users.users.onion-grater = {
      isSystemUser = true;
      group = "onion-grater";
      extraGroups = [ "tor" ];
    };
    users.groups.onion-grater = { };
    systemd.sockets.onion-grater = {
      wantedBy = [ "sockets.target" ];
      socketConfig = {
        ListenStream = [ "/run/onion-grater/control" "127.0.0.1:951" ];
        FileDescriptorName = "control";
        SocketMode = "0666";
        DirectoryMode = "0755";
        PassCredentials = true;
        RemoveOnStop = true;
      };
    };
    systemd.services.onion-grater = {
      after = [ "tor.service" ];
      requires = [ "onion-grater.socket" ];
      wantedBy = [ "multi-user.target" ];
      restartTriggers = lib.attrValues cfg.profiles;
      serviceConfig = {
        Type = "notify";
        WatchdogSec = 60;
        ExecStart = "${cfg.package}/bin/onion-grater";
        User = "onion-grater";
        RuntimeDirectory = "onion-grater";
        RuntimeDirectoryPreserve = true;
        AmbientCapabilities = [ "CAP_SYS_PTRACE" "CAP_DAC_READ_SEARCH" ];
        CapabilityBoundingSet = [ "CAP_SYS_PTRACE" "CAP_DAC_READ_SEARCH" ];
        NoNewPrivileges = true;
        ProtectSystem = "strict";
        ProtectHome = "read-only";
        RestrictAddressFamilies = [ "AF_UNIX" "AF_INET" "AF_INET6" "AF_NETLINK" ];
      };
    };
  };
}
