// Relative times. The wording is the server's (see RelativeTime there), so that nothing jumps when the script starts.
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const rendered = Date.parse(document.documentElement.dataset.now ?? "");
// The server's clock decides: a wrong clock on this device must not make a living bot look dead.
let offset = Number.isNaN(rendered) ? 0 : rendered - Date.now();

export function setClock(iso) {
    const now = Date.parse(iso);
    if (!Number.isNaN(now)) offset = now - Date.now();
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
    const day = new Date(iso);
    return `${day.getDate()} ${months[day.getMonth()]} ${day.getFullYear()}`;
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
