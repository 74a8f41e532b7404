// Live counts: when tracked data changed, the [data-live] parts of the page are fetched again and swapped.
import { refresh } from "./times.js";
import { watchCharts } from "./charts.js";

let isWaiting = false;
let isStale = false;

/** The stream says that accounts or posts of this server changed. */
export function dataChanged() {
    if (document.hidden) {
        isStale = true;
        return;
    }
    if (isWaiting || !document.querySelector("[data-live]")) return;
    isWaiting = true;
    // All open pages of a server hear it at the same time.
    setTimeout(update, Math.random() * 2_000);
}

document.addEventListener("visibilitychange", () => {
    if (document.hidden || !isStale) return;
    isStale = false;
    dataChanged();
});

async function update() {
    isWaiting = false;
    const address = location.href;
    try {
        const answer = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" });
        if (!answer.ok || answer.redirected || answer.headers.has("Dashboard-As-Of") || location.href !== address) return;
        takeLive(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* the network is away: the next change tries again */ }
}

/** Swaps the live parts for those of a newer page; a part that has the focus stays as it is. */
export function takeLive(page) {
    for (const old of document.querySelectorAll("[data-live]")) {
        const fresh = page.querySelector(`[data-live="${old.dataset.live}"]`);
        if (!fresh || old.contains(document.activeElement) || old.isEqualNode(fresh)) continue;
        old.replaceWith(document.adoptNode(fresh));
        refresh(fresh);
        watchCharts(fresh);
    }
}
