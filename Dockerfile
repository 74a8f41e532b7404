# syntax=docker/dockerfile:1
# No Docker engine runs where this repository is checked, so nobody has built this file yet. What script/prove-image tries
# there instead: a root made by debootstrap and by the last stage's RUN lines as they stand here, mounted read-only, with the
# release programs in it, run by the last stage's user, with its variables, health check and command.
#
# The name of the build stage's image could not be tried either; Docker Hub had swift:6.3.2-bookworm in May 2026.
# Package.swift needs Swift 6.2 or newer, the tests run with 6.3.

FROM swift:6.3-bookworm AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /source
COPY script/lib.sh script/lib.sh
RUN source script/lib.sh && need_packages "${build_packages[@]}"
COPY . .
RUN source script/lib.sh; \
    for product in dashboard health-beacon; do \
        swift build -c release --static-swift-stdlib "${import_check[@]}" --product "$product"; \
    done; \
    install -D --strip -t /programs .build/release/dashboard .build/release/health-beacon

# The same release as the build stage's, whose libraries the programs are linked to.
FROM debian:bookworm-slim
# The libraries are those that the two programs name, and no others (Tests/Packaging compares). postgresql-client-15 is
# for `dashboard backup` and `dashboard restore`: its pg_dump takes servers up to version 15.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpq5 libmicrohttpd12 libcurl4 libssl3 zlib1g libstdc++6 libgcc-s1 \
        postgresql-client-15 tzdata ca-certificates \
    && rm -rf /var/lib/apt/lists/*
# A number that is nobody's in Debian, so that files in volumes have the same owner after each build.
RUN groupadd --system --gid 10001 dashboard \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/tracking-dashboard dashboard \
    && install -d -m 0700 -o dashboard -g dashboard /var/lib/tracking-dashboard /var/backups/tracking-dashboard
COPY --from=build /programs/ /usr/local/bin/
USER dashboard
ENV HOST=0.0.0.0 PORT=8080 DATA_DIR=/var/lib/tracking-dashboard
# All that is ever written to: the generated secrets, and what `dashboard backup` is told to write here.
VOLUME /var/lib/tracking-dashboard /var/backups/tracking-dashboard
EXPOSE 8080
# Whether the process answers, not whether the database does: what restarts unhealthy containers must not restart this
# one because PostgreSQL is away. docker-compose.yml, which restarts nothing for that, asks /readyz.
# bash opens the connection by itself, so that the image needs no HTTP client.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
# SIGTERM, Docker's own choice, ends it within 10 seconds; Docker kills after 10: give it 15 (docker stop --time 15).
# There is no PostgreSQL server in this image: DATABASE_URL must be set.
CMD ["dashboard", "serve"]
