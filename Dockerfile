# syntax=docker/dockerfile:1
# Not built in continuous integration yet: the machines there have no Docker.

FROM swift:6.2-bookworm AS build
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

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpq5 libmicrohttpd12 libcurl4 libssl3 zlib1g libstdc++6 tzdata ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --home-dir /var/lib/tracking-dashboard dashboard \
    && install -d -m 0700 -o dashboard -g dashboard /var/lib/tracking-dashboard
COPY --from=build /programs/ /usr/local/bin/
USER dashboard
ENV HOST=0.0.0.0 PORT=8080 DATA_DIR=/var/lib/tracking-dashboard
VOLUME /var/lib/tracking-dashboard
EXPOSE 8080
# bash opens the connection by itself, so that the image needs no HTTP client.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
# There is no PostgreSQL server in this image: DATABASE_URL must be set.
CMD ["dashboard", "serve"]
