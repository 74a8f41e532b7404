"""Requests at a steady rate, even if answers are slow: `steady.py URL HEADER SECONDS RATE` prints the p99 and the maximum.

wrk sends the next request when the last one is answered, and so keeps every core busy, which slows all else down.
This sends requests as many people would. The time of a request counts from when it was due, not from its sending.
"""

import http.client
import sys
import threading
import time
import urllib.parse

CONNECTIONS = 8


def ask(host, path, headers, times, latencies):
    connection = http.client.HTTPConnection(host)
    for due in times:
        time.sleep(max(0, due - time.monotonic()))
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        latencies.append(time.monotonic() - due)


def main(url, header, seconds, rate):
    parts = urllib.parse.urlsplit(url)
    name, value = header.split(": ", 1)
    count, begin = int(float(seconds) * float(rate)), time.monotonic() + 0.1
    due = [begin + number / float(rate) for number in range(count)]
    latencies = []
    threads = [
        threading.Thread(target=ask, args=(parts.netloc, parts.path, {name: value}, due[first::CONNECTIONS], latencies))
        for first in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(latencies) == count, "some were not answered"
    latencies.sort()
    print(f"{latencies[int(count * 0.99)] * 1000:.2f} {latencies[-1] * 1000:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
