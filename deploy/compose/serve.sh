#!/bin/sh
# Starts gridkey-$1 with its listeners on one network's address each. A container on several networks has several addresses, and a
# listener on all of them would be a hole in the wall: what is for the intranet must not answer on the gateway's side. The names
# ending in `.listen` are aliases that the compose file gives this container on exactly one network.
set -eu
address_of() {
    found=$(getent ahostsv4 "$1" | awk 'NR == 1 { print $1 }')
    [ -n "$found" ] || { echo "$1: this container has no such name on its network" >&2; exit 1; }
    echo "$found"
}
name=$1
shift
case "$name" in
server)
    edge=$(address_of server.edge.listen)
    export GRIDKEY_SERVER_SESSION__LISTEN="$edge:8443" GRIDKEY_SERVER_PUBLIC__LISTEN="$edge:8445"
    ;;
platform)
    intranet=$(address_of platform.intranet.listen)
    export GRIDKEY_PLATFORM_HTTPS__LISTEN="$intranet:8444"
    ;;
esac
if [ "$name $*" != "server serve" ]; then
    exec "gridkey-$name" --config "/etc/gridkey/$name.toml" "$@"
fi

# A token locks itself when it is asked with a wrong PIN again and again, and Docker starts again whatever ends. So a server that
# ended with 78, for its PIN or configuration, is not: the container stays, unhealthy, until somebody restarts it.
gridkey-server --config /etc/gridkey/server.toml serve &
server=$!
for signal in TERM INT HUP; do
    # shellcheck disable=SC2064 # Which signal it is has to be known now.
    trap "kill -$signal $server 2>/dev/null || :" "$signal"
done
status=0
while kill -0 "$server" 2>/dev/null; do
    status=0
    wait "$server" || status=$?
done
if [ "$status" = 78 ]; then
    echo "gridkey-server is not started again before this container is restarted" >&2
    trap 'exit 78' TERM INT
    sleep infinity &
    wait
fi
exit "$status"
