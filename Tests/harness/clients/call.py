"""Calls methods of the Python client, as listed on standard input, and prints their results or errors."""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, is_dataclass

from dashboard_client import Dashboard, DashboardError, RequestError, Retry


def snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: "_" + letter.group().lower(), name)


def call(dashboard: Dashboard, method: str, arguments: list) -> dict:
    try:
        if method == "heartbeat":
            result = dashboard.heartbeat(**{snake(name): value for name, value in arguments[0].items()})
        else:
            result = getattr(dashboard, snake(method))(*arguments)
    except RequestError as error:
        return {
            "error": type(error).__name__, "status": error.status, "title": error.title, "detail": error.detail,
            "requestId": error.request_id, "errors": error.errors, "retryAfter": error.retry_after, "text": str(error)}
    except (DashboardError, TypeError, ValueError) as error:
        return {"error": type(error).__name__, "text": str(error)}
    return {"result": asdict(result) if is_dataclass(result) else result}


def main():
    order = json.load(sys.stdin)
    retry = Retry(order["attempts"], order["firstPauseMs"] / 1_000, order["longestPauseMs"] / 1_000)
    dashboard = Dashboard(order["url"], order["key"], order["secret"], timeout=order["timeoutMs"] / 1_000, retry=retry)
    threads = ThreadPoolExecutor(len(order["calls"]) if order["atOnce"] else 1)
    print(json.dumps(list(threads.map(lambda one: call(dashboard, one[0], one[1:]), order["calls"]))))


main()
