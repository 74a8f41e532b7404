// Relative times. The wording is the server's (see RelativeTime there), so that nothing jumps when the script starts.
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const rendered = Date.parse(document.documentElement.dataset.now ?? "");
// The server's clock decides: a wrong clock on this device must not make a living bot look dead.
let offset = Number.isNaN(rendered) ? 0 : rendered - Date.now();

export function setClock(iso) {
    const now = Date.parse(iso);
    if (!Number.isNaN(now)) offset = now - Date.now();
}

// In the page's time zone, not this device's; `data-offset` has its seconds east of UTC when the page was made.
function local(iso) {
    return new Date(Date.parse(iso) + Number(document.documentElement.dataset.offset ?? 0) * 1000);
}

function dayText(time) {
    return `${time.getUTCDate()} ${months[time.getUTCMonth()]} ${time.getUTCFullYear()}`;
}

// For example `12 Jun 2025, 14:02:19 CEST`, as the server writes it.
export function exact(iso) {
    const time = local(iso);
    return `${dayText(time)}, ${time.toISOString().slice(11, 19)} ${document.documentElement.dataset.zone ?? "UTC"}`;
}

export function relative(iso) {
    const seconds = Math.round((Date.now() + offset - Date.parse(iso)) / 1000);
    if (Number.isNaN(seconds)) return "never";
    const [past, size] = [seconds >= 0, Math.abs(seconds)];
    if (size < 5) return "just now";
    const text = size < 60 ? `${size} s`
        : size < 3600 ? `${Math.floor(size / 60)} min`
        : size < 86400 ? `${Math.floor(size / 3600)} h`
        : size < 86400 * 60 ? `${Math.floor(size / 86400)} d`
        : null;
    if (text) return past ? `${text} ago` : `in ${text}`;
    return dayText(local(iso));
}

export function refresh(root = document) {
    for (const time of root.querySelectorAll("time[data-relative]")) {
        const text = relative(time.dateTime);
        if (time.textContent !== text) time.textContent = text;
    }
}

export function watchTimes() {
    refresh();
    setInterval(() => { if (!document.hidden) refresh(); }, 5000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}
