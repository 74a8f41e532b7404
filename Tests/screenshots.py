"""The pictures of the documents, taken of the running service: `script/screenshot` calls this."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from harness.cast import ADA, CASA_VERDE
from harness.cluster import Cluster
from harness.service import Service
from harness.windows import Visits

PICTURES = {
    "overview": f"/guilds/{CASA_VERDE}", "accounts": f"/guilds/{CASA_VERDE}/tracking/accounts?sort=followers",
    "brands": f"/guilds/{CASA_VERDE}/tracking/brands", "new-account": f"/guilds/{CASA_VERDE}/accounts/new",
    "settings": f"/guilds/{CASA_VERDE}/settings",
    "audit": f"/guilds/{CASA_VERDE}/audit",
}


def take(service: Service, folder: Path):
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: install the package chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        window = Visits(browser, service)(ADA, width=1_280, height=860, color_scheme="light")
        for name, path in PICTURES.items():
            window.page.goto(path)
            window.page.wait_for_load_state("load")
            window.page.screenshot(path=folder / f"{name}.png")
        window.expect_no_complaints()
        browser.close()


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster()
    try:
        cluster.create("pictures")
        service = Service(cluster, "pictures")
        try:
            service.heartbeat(status="healthy", shard_count=4, shards_down=0, guild_count=4, latency_ms=87, version="2.8.1")
            take(service, folder)
        finally:
            service.stop()
    finally:
        cluster.remove()


if __name__ == "__main__":
    main()
