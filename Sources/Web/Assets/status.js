// Live bot status. <body data-status-stream="…"> names the stream; [data-status="field"] are the places that show it.
import { exact, refresh, setClock } from "./times.js";
import { probeSession } from "./session.js";
import { dataChanged } from "./live.js";
import { announce } from "./announce.js";

const tones = { online: "good", degraded: "warn", offline: "bad", unknown: "neutral" };
const words = { online: "Online", degraded: "Degraded", offline: "Offline", unknown: "Unknown" };
const marks = { online: "", degraded: "▲ ", offline: "✕ ", unknown: "○ " };
const grouped = new Intl.NumberFormat("en-US");
let last = null;

export function watchStatus() {
    const { statusStream: url, statusPoll } = document.body.dataset;
    if (statusPoll !== undefined || url && !window.EventSource) return poll();
    if (!url) return;
    let source;
    const open = () => {
        source = new EventSource(url);
        source.addEventListener("status", (event) => {
            try { show(JSON.parse(event.data)); } catch { /* an answer of another version: keep what is shown */ }
        });
        source.addEventListener("tracking", dataChanged);
        // EventSource reconnects after an interruption; CLOSED means that the server rejected the stream.
        source.addEventListener("error", async () => {
            const isRefused = source.readyState === EventSource.CLOSED;
            // A stream also ends with its session: show that before the next attempt.
            if (!isRefused && document.hidden) return;
            if (!await probeSession() || !isRefused) return;
            read();
            setTimeout(open, 30_000);
        });
    };
    open();
    // A page in the back/forward cache must not hold one of the user's streams.
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => { if (event.persisted) open(); });
}

// Without a server: every 10 s while the page is visible, and when it becomes visible.
function poll() {
    const step = () => { if (!document.hidden) read(); };
    step();
    setInterval(step, 10_000);
    document.addEventListener("visibilitychange", step);
}

// The public state, which is readable also while the database is not; it has no queue.
async function read() {
    try {
        const answer = await fetch("/api/v1/status/now", { cache: "no-store", headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const { queueDepth, queueAsOf, ...status } = await answer.json();
        show(status);
    } catch { /* the network is away: the next attempt may succeed */ }
}

function show(status) {
    const tone = tones[status.state];
    if (!tone) return;
    setClock(status.asOf);
    for (const place of document.querySelectorAll("[data-status]")) fill(place, status, tone);
    refresh();
    const title = document.querySelector("title");
    document.title = marks[status.state] + (title.dataset.base ?? title.textContent);
    const icon = document.querySelector("link[rel=icon]");
    if (icon) icon.href = icon.href.replace(/favicon-\w+/, `favicon-${tone}`);
    if (last && last !== status.state) announce(`The bot is now ${words[status.state].toLowerCase()}.`);
    last = status.state;
}

function fill(place, status, tone) {
    const field = place.dataset.status;
    if (field === "badge") {
        place.classList.remove("good", "warn", "bad", "neutral");
        place.classList.add(tone);
        place.querySelector("[data-word]").textContent = words[status.state];
        return;
    }
    // Only for the states and reasons named, e.g. <p data-status="only" data-states="offline latency">
    if (field === "only") {
        const present = [status.state, ...status.reasons];
        place.hidden = !place.dataset.states.split(" ").some((word) => present.includes(word));
        return;
    }
    if (!(field in status)) return;
    const value = status[field];
    if (place instanceof HTMLTimeElement) {
        if (value) {
            place.dateTime = value;
            place.title = exact(value);
        } else {
            place.removeAttribute("datetime");
            place.textContent = "never";
        }
    } else if (field === "state") place.textContent = words[value].toLowerCase();
    else place.textContent = value === null ? "–" : typeof value === "number" ? grouped.format(value) : value;
}
