#!/bin/sh
# Provisions a demo into volumes, in two steps that each do their work once:
#
#   provision secrets   passwords, PINs, the databases' users, the gateway's keys; before anything else runs
#   provision demo      tokens, certificates, customers and a customer's key; once the databases are up
#   provision export    the customer's key with its PIN and configuration, as a tar file on standard output
set -eu
umask 077
cd /srv

secret() {
    head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'
}

# Letters and digits that are not taken for one another.
pin() {
    head -c 64 /dev/urandom | base64 | tr -d '\n/+=0OoIl1' | cut -c1-12
}

# Says once and for all that a step is done. One that broke off begins from what is there and fails where that is in its way.
finish() {
    : > "company-root/$1.done"
    echo "$1: done"
}

once() {
    if [ -e "company-root/$1.done" ]; then
        echo "$1: was done before"
        exit 0
    fi
}

# The statements that a database server runs at each start: one user, for one database and nothing else. There is no root user.
database() {
    password=$(secret)
    printf '%s\n' "$password" > "$1-secrets/database-password"
    cat > "$1-db-secrets/start.surql" <<SURQL
DEFINE NAMESPACE IF NOT EXISTS gridkey;
USE NS gridkey;
DEFINE DATABASE IF NOT EXISTS $1;
USE NS gridkey DB $1;
DEFINE USER OVERWRITE $1 ON DATABASE PASSWORD '$password' ROLES OWNER DURATION FOR TOKEN 1h, FOR SESSION NONE;
SURQL
}

secrets() {
    once secrets
    database server
    database platform
    for name in hsm-so-pin root-pin root-so-pin; do pin > company-root/$name; done
    pin > server-secrets/hsm-pin
    rm -rf company-root/gateway
    unionpay-sandbox init --out company-root/gateway
    for file in gateway-key.pem gateway-certificate.pem merchant-certificate.pem; do
        cp company-root/gateway/$file sandbox-secrets/
    done
    for file in merchant-key.pem merchant-certificate.pem acp-root.pem acp-middle.pem; do
        cp company-root/gateway/$file platform-secrets/
    done
    rm -rf company-root/gateway
    finish secrets
}

demo() {
    once demo
    server="gridkey-server --config /etc/gridkey/server.toml"
    export GRIDKEY_SERVER_HSM__SO_PIN__FILE=/srv/company-root/hsm-so-pin GRIDKEY_SERVER_ROOT__PIN__FILE=/srv/company-root/root-pin \
        GRIDKEY_SERVER_ROOT__SO_PIN__FILE=/srv/company-root/root-so-pin GRIDKEY_SERVER_DEVELOPMENT__SOFTWARE_KEYS=true
    export RUST_LOG="${RUST_LOG:-warn}"
    $server init
    # The company root belongs in a safe: its token leaves the HSM's volume, and the server never sees it.
    mkdir -p company-root/tokens
    for token in hsm/*/; do
        if grep -q gridkey-root "$token/token.object"; then mv "$token" company-root/tokens/; fi
    done
    # Each side keeps its own half of the intranet's keys.
    mv server-state/intranet/platform.pem server-state/intranet/platform-key.pem platform-secrets/
    cp server-state/intranet/root.pem platform-secrets/intranet-root.pem
    cp server-state/web-root.pem sandbox-secrets/

    gridkey-platform --config /etc/gridkey/platform.toml load --data /usr/local/share/gridkey/demo

    cp server-state/root.pem server-state/web-root.pem demo-key/
    pin > demo-key/pin
    cat > demo-key/client.toml <<TOML
# The demo's customer ${GRIDKEY_DEMO_CUSTOMER}: gridkey --config client.toml --pin-file pin login
server = "wss://localhost:${GRIDKEY_SESSION_PORT}/session"
root = "root.pem"
software = "key.json"
store = "store"
TOML
    key="gridkey --config demo-key/client.toml --pin-file demo-key/pin"
    $key token init --label "demo-${GRIDKEY_DEMO_CUSTOMER}" --out /tmp/request
    $server dev-key --customer "${GRIDKEY_DEMO_CUSTOMER}" --out /tmp/issued --csr /tmp/request/request.pem \
        --agreement-public-key /tmp/request/agreement.hex
    $key token import --certificate /tmp/issued/certificate.pem --agreement /tmp/issued/agreement.pem
    finish demo
}

case "${1:-}" in
secrets) secrets ;;
demo) demo ;;
# Whoever unpacks it owns it.
export) tar -c --owner=0 --group=0 --exclude store -C /srv demo-key ;;
*) echo "usage: provision secrets | demo | export" >&2; exit 2 ;;
esac
