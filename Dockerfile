# The images of the stack: one target for each service. It builds with BuildKit and with the classic builder alike, so it uses
# neither's own features, and no step fetches what the base image has already.
#
#   PROFILE  a Cargo profile: release, or dev for a quick build
#   ALSO     further packages to build in the same go; for the stand-in of the database: "--package gridkey-surreal-server"

# Manifests with empty sources: the same files whatever changes in the code.
FROM rust:1.95-bookworm AS manifests
WORKDIR /source
COPY . .
RUN sh deploy/compose/skeleton.sh /skeleton

# The dependencies, in a layer that stays until a manifest changes.
FROM rust:1.95-bookworm AS dependencies
RUN pkg-config --exists libpcsclite \
    || (apt-get update && apt-get install --yes --no-install-recommends libpcsclite-dev && rm -rf /var/lib/apt/lists/*)
ARG PROFILE=release
ARG ALSO=
# Poly1305 as in the packages: see docs/performance.md.
ENV RUSTFLAGS="--cfg poly1305_force_soft"
# Symbols are of no use in an image; without them a dev build stays small as well.
ENV CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_STRIP=symbols CARGO_PROFILE_RELEASE_STRIP=symbols \
    PACKAGES="--package gridkey-server --package gridkey-platform --package unionpay-sandbox --package gridkey-cli"
WORKDIR /source
COPY --from=manifests /skeleton .
RUN cargo build --locked --profile $PROFILE $PACKAGES $ALSO

FROM dependencies AS build
# The classic builder does not hand them down.
ARG PROFILE=release
ARG ALSO=
COPY . .
# The sources may be older than what was built of the empty ones; what dependencies generated is not to look newer.
RUN find . -path ./target -prune -o -name '*.rs' -exec touch {} + \
    && cargo build --locked --profile $PROFILE $PACKAGES $ALSO \
    && mkdir /programs \
    && cd "target/$(if [ "$PROFILE" = dev ]; then echo debug; else echo "$PROFILE"; fi)" \
    && for program in gridkey-server gridkey-platform unionpay-sandbox gridkey surreal; do \
           if [ -f $program ]; then cp $program /programs/; fi; \
       done

# What all services have in common: a user of their own, and nothing that runs as root.
FROM debian:bookworm-slim AS base
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin gridkey
STOPSIGNAL SIGTERM

# With SoftHSM as the module of the HSM; a hardware module takes its place by a volume.
FROM base AS with-tokens
RUN [ -e /usr/lib/softhsm/libsofthsm2.so ] \
    || (apt-get update && apt-get install --yes --no-install-recommends softhsm2 && rm -rf /var/lib/apt/lists/*)
COPY deploy/compose/softhsm2.conf /etc/gridkey/softhsm2.conf
ENV SOFTHSM2_CONF=/etc/gridkey/softhsm2.conf

FROM with-tokens AS server
COPY --from=build /programs/gridkey-server /usr/local/bin/
COPY deploy/compose/serve.sh /usr/local/bin/serve
COPY deploy/compose/server.toml /etc/gridkey/server.toml
USER gridkey
ENTRYPOINT ["serve", "server"]
CMD ["serve"]

FROM base AS platform
COPY --from=build /programs/gridkey-platform /usr/local/bin/
COPY deploy/compose/serve.sh /usr/local/bin/serve
COPY deploy/compose/platform.toml /etc/gridkey/platform.toml
USER gridkey
ENTRYPOINT ["serve", "platform"]
CMD ["serve"]

FROM base AS unionpay-sandbox
COPY --from=build /programs/unionpay-sandbox /usr/local/bin/
COPY deploy/compose/sandbox.toml /etc/gridkey/sandbox.toml
USER gridkey
ENTRYPOINT ["unionpay-sandbox"]
CMD ["serve", "--config", "/etc/gridkey/sandbox.toml"]

# Runs once, for a demo: secrets, keys, certificates, customers.
FROM with-tokens AS provision
RUN [ -e /usr/lib/x86_64-linux-gnu/libpcsclite.so.1 ] || ldconfig -p | grep -q libpcsclite \
    || (apt-get update && apt-get install --yes --no-install-recommends libpcsclite1 && rm -rf /var/lib/apt/lists/*)
# The places that volumes are mounted on: a new volume takes their owner.
RUN for place in hsm company-root server-secrets server-state server-db-secrets server-db platform-secrets platform-state \
        platform-db-secrets platform-db sandbox-secrets sandbox-state demo-key; do \
        install -d -o gridkey -g gridkey -m 700 /srv/$place; \
    done
COPY --from=build /programs/gridkey-server /programs/gridkey-platform /programs/unionpay-sandbox /programs/gridkey /usr/local/bin/
COPY assets/demo /usr/local/share/gridkey/demo
COPY deploy/compose/server.toml deploy/compose/platform.toml /etc/gridkey/
COPY deploy/compose/provision.sh /usr/local/bin/provision
USER gridkey
ENTRYPOINT ["provision"]

# The stand-in for surrealdb/surrealdb where that image can't be had: `cargo xtask images --offline` builds it with ALSO.
FROM base AS surreal
COPY --from=build /programs/surreal /surreal
USER gridkey
ENTRYPOINT ["/surreal"]
