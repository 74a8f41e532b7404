"""Two programs side by side: the processor time of each for a request, in short turns, so that other load of the machine
affects both. `compare.py OLD NEW [ROUNDS]` prints the ratio of the medians for each path.

Both work on copies of one database, which the old program migrates and fills, and the new one migrates further.
"""

import statistics
import sys

import bench
from measuring import Load, processor_seconds, wrk

SECONDS = 2


def services(cluster, old, new):
    bench.BINARY = old
    bench.prepare(cluster)
    cluster.psql("postgres", "CREATE DATABASE newer TEMPLATE dashboard")
    found = []
    for binary, database in [(old, "dashboard"), (new, "newer")]:
        bench.BINARY = binary
        address = cluster.address
        cluster.address = address.replace("dbname=dashboard", f"dbname={database}")
        found.append(bench.Service(cluster))
        cluster.address = address
    # Tables that the migrations have written anew would cost the new program more round trips.
    for database in ("dashboard", "newer"):
        cluster.psql(database, "VACUUM ANALYZE")
    return found


def spent(service, path, headers, connections):
    """Microseconds of processor time for a request."""
    before = processor_seconds([service.process.pid])
    load = Load(wrk(service.url(path), headers, connections, SECONDS))
    assert not load.complaint, load.complaint
    return (processor_seconds([service.process.pid]) - before) / load.requests * 1e6


def main(old, new, rounds=9):
    cluster = bench.Cluster()
    running = []
    try:
        running = services(cluster, old, new)
        bearer = [f"Authorization: Bearer {bench.token()}"]
        cookie = [f"Cookie: dashboard_access={bench.token()}", "Accept: text/html", "Sec-Fetch-Site: none"]
        guild = f"/api/v1/guilds/{bench.GUILD}"
        for name, path, headers in [
            ("healthz", "/healthz", []), ("50 posts as JSON", f"{guild}/posts", bearer),
            ("50 accounts as JSON", f"{guild}/accounts", bearer), ("me", "/api/v1/auth/me", bearer),
            ("50 posts as HTML", f"/guilds/{bench.GUILD}/tracking/posts", cookie),
            ("overview", f"/guilds/{bench.GUILD}", cookie),
        ]:
            times = ([], [])
            for _ in range(int(rounds)):
                for service, found in zip(running, times):
                    found.append(spent(service, path, headers, 8))
            first, second = map(statistics.median, times)
            print(f"{name:<22} old {first:7.1f} µs  new {second:7.1f} µs  ratio {second / first:.3f}", flush=True)
    finally:
        for service in running:
            service.stop()
        cluster.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
