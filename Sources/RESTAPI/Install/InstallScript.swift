/// `GET /install.sh`: makes a machine with only curl an agent.
///
/// Everything happens in one function that is called on the last line, so a script cut off on its way does nothing.
/// The install token comes in by the environment and goes to the daemon on stdin; it stands in no argument list.
///
/// It can be run again at any time. A machine is left alone only if the daemon itself says that it is enrolled: the state
/// file is there before an enrolment has succeeded, and after a reset. What an earlier run left undone is finished.
enum InstallScript {
    static func text(publicURL: String, binaries: AgentBinaries) -> String {
        var text = head
        text += "    server='\(quoted(publicURL))'\n"
        for architecture in AgentBinaries.architectures {
            text += "    sha256_\(architecture)='\(binaries[architecture]?.digest ?? "")'\n"
        }
        return text + settings + steps + checks + installation + "claviger_install \"$@\"\n"
    }

    /// For between single quotes in a shell script.
    private static func quoted(_ text: String) -> String {
        var quoted = ""
        for character in text {
            if character == "'" { quoted += "'\\''" } else { quoted.append(character) }
        }
        return quoted
    }

    private static let head = #"""
        #!/bin/sh
        # Installs the Claviger agent on this machine and enrols it.
        #
        #   CLAVIGER_INSTALL_TOKEN   the install token (required)
        #   CLAVIGER_INSTALL_PREFIX  where to install; as root /usr/local with a system service, else ~/.local
        claviger_install() {
            set -eu
            umask 077

        """#

    private static let settings = #"""
            say() { printf 'claviger: %s\n' "$*" >&2; }
            fail() { say "$*"; exit 1; }

            token=${CLAVIGER_INSTALL_TOKEN:-}
            unset CLAVIGER_INSTALL_TOKEN
            service=no
            if [ -n "${CLAVIGER_INSTALL_PREFIX:-}" ]; then
                prefix=$CLAVIGER_INSTALL_PREFIX
                state=$prefix/var/lib/claviger-agent
            elif [ "$(id -u)" = 0 ]; then
                prefix=/usr/local
                state=/var/lib/claviger-agent
                if [ -d /run/systemd/system ]; then service=yes; fi
            else
                [ -n "${HOME:-}" ] || fail 'HOME is not set; set it, or CLAVIGER_INSTALL_PREFIX.'
                prefix=$HOME/.local
                state=${XDG_STATE_HOME:-$HOME/.local/state}/claviger-agent
            fi
            program=$prefix/bin/claviger-agent
            unit=/etc/systemd/system/claviger-agent.service


        """#

    private static let steps = #"""
            # The daemon's program, on its state and as its user.
            agent() {
                if [ "$service" = yes ]; then
                    CLAVIGER_AGENT_STATE_DIR=$state runuser -u claviger-agent -- "$program" "$@"
                else
                    CLAVIGER_AGENT_STATE_DIR=$state "$program" "$@"
                fi
            }
            enrolled() {
                [ -e "$state/state.json" ] && [ -x "$program" ] || return 1
                case $(agent status --json </dev/null 2>/dev/null) in
                    *'"credential":"enrolled"'*) return 0 ;;
                    *) return 1 ;;
                esac
            }
            write_unit() {
                if ! "$program" systemd-unit --program "$program" --user claviger-agent >"$unit.new" ||
                    ! chmod 644 "$unit.new" || ! mv -f "$unit.new" "$unit"; then
                    fail "$unit could not be written; mend that and run the line again."
                fi
            }
            start_service() {
                if ! systemctl daemon-reload || ! systemctl enable --now claviger-agent.service; then
                    fail 'the service claviger-agent could not be started; mend that and run the line again.'
                fi
                say 'the service claviger-agent is running.'
            }
            # Ends the run on an enrolled machine: nothing is changed but what an earlier run left undone.
            leave_alone() {
                say "this machine is enrolled already ($state); it was left alone."
                if [ "$service" != yes ]; then
                    say "if it does not run, start it with: CLAVIGER_AGENT_STATE_DIR=$state $program run"
                    exit 0
                fi
                [ -e "$unit" ] || write_unit
                if ! systemctl is-enabled --quiet claviger-agent.service ||
                    ! systemctl is-active --quiet claviger-agent.service; then
                    start_service
                fi
                exit 0
            }


        """#

    private static let checks = #"""
            if enrolled; then leave_alone; fi
            [ -n "$token" ] || fail 'CLAVIGER_INSTALL_TOKEN is not set; copy the whole install line.'
            command -v curl >/dev/null 2>&1 || fail 'curl is missing; install it and run the line again.'
            [ "$(uname -s)" = Linux ] || fail "the agent runs on Linux, this is $(uname -s)."
            case $(uname -m) in
                x86_64 | amd64) arch=x86_64 want=$sha256_x86_64 ;;
                aarch64 | arm64) arch=aarch64 want=$sha256_aarch64 ;;
                *) fail "there is no agent for the architecture $(uname -m)." ;;
            esac
            [ -n "$want" ] || fail "the server $server has no agent for $arch; its administrator can add one."
            libc=$(getconf GNU_LIBC_VERSION 2>/dev/null || true)
            case $libc in
                'glibc '[0-9]*.[0-9]*) ;;
                *) fail 'the agent needs glibc 2.35 or later; this machine has another C library.' ;;
            esac
            libc=${libc#glibc }
            major=${libc%%.*}
            minor=${libc#*.}
            minor=${minor%%.*}
            if [ "$major" -lt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -lt 35 ]; }; then
                fail "the agent needs glibc 2.35 or later; this machine has $libc."
            fi
            if command -v sha256sum >/dev/null 2>&1; then
                digest() { sha256sum <"$1" | cut -d ' ' -f 1; }
            elif command -v shasum >/dev/null 2>&1; then
                digest() { shasum -a 256 <"$1" | cut -d ' ' -f 1; }
            else
                fail 'sha256sum is missing; install coreutils and run the line again.'
            fi


        """#

    private static let installation = #"""
            mkdir -p "$prefix/bin"
            chmod 755 "$prefix/bin" 2>/dev/null || true
            fresh=$program.new.$$
            trap 'rm -f "$fresh"' EXIT
            say "fetching the agent for $arch from $server"
            curl -fsS --max-time 300 -o "$fresh" "$server/install/claviger-agent?arch=$arch" ||
                fail 'the download failed.'
            [ "$(digest "$fresh")" = "$want" ] || fail 'the downloaded agent does not have the expected SHA-256.'
            chmod 755 "$fresh"
            mv -f "$fresh" "$program"
            trap - EXIT
            if enrolled; then leave_alone; fi

            mkdir -p "$state"
            chmod 700 "$state"
            if [ "$service" = yes ]; then
                id claviger-agent >/dev/null 2>&1 ||
                    useradd --system --home-dir "$state" --shell /usr/sbin/nologin claviger-agent ||
                    fail 'the user claviger-agent could not be made.'
                chown claviger-agent: "$state"
            fi
            agent_id=$(printf '%s\n' "$token" | agent enroll --quiet --log-level warning --server "$server") ||
                fail 'enrolment failed; when the cause is gone, run the line again.'
            say "enrolled as $agent_id."
            if [ "$service" = yes ]; then
                write_unit
                say 'installed.'
                start_service
            else
                say "installed; start it with: CLAVIGER_AGENT_STATE_DIR=$state $program run"
            fi
        }


        """#
}
