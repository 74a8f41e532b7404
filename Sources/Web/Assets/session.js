// The session ended in an open tab: show a banner, keep the input, and return to the same page after sign-in.
import { differs } from "./forms.js";

const user = document.body.dataset.user ?? "";
const key = `typed:${location.pathname}`;
const sent = "sent";
// Keep the version of the form too, so that a concurrent change is not overwritten unseen.
const made = "input[type=hidden][name=version], input[type=hidden][name^=was-]";
const kept = `input:not([type=hidden], [type=password], [type=file], [type=submit]), select, textarea, ${made}`;

/** Whether the session still lives; shows the banner when it does not. */
export async function probeSession() {
    try {
        const answer = await fetch("/api/v1/auth/me", { headers: { Accept: "application/json" }, cache: "no-store" });
        if (answer.status === 401) showSignedOut();
        return answer.status !== 401;
    } catch {
        return true; // The network is away, the session may well live.
    }
}

export function showSignedOut() {
    if (document.querySelector("[data-signed-out]")) return;
    const link = document.createElement("a");
    link.href = `/login?returnTo=${encodeURIComponent(location.pathname + location.search)}`;
    link.className = "button small";
    link.textContent = "Sign in again";
    link.addEventListener("click", keepTyped);
    banner("warn", "You have been signed out. What you typed on this page is kept.", link).dataset.signedOut = "";
}

function banner(tone, text, ...after) {
    const box = document.createElement("div");
    box.className = `notice banner ${tone}`;
    box.setAttribute("role", "alert");
    const words = document.createElement("div");
    words.textContent = text;
    box.append(words, ...after);
    (document.querySelector(".page") ?? document.body).prepend(box);
    return box;
}

function fields() {
    return [...document.querySelectorAll("main form")].flatMap((form, number) =>
        [...form.querySelectorAll(kept)].filter((field) => field.name).map((field, place) => [`${number}.${field.name}.${place}`, field]));
}

/** What was changed, and what it was changed from; null where nothing was. */
function typed() {
    const all = fields();
    const changed = new Set(all.filter(([, field]) => "dirty" in field.form.dataset || differs(field)).map(([, field]) => field));
    const forms = new Set([...changed].map((field) => field.form));
    const values = all.filter(([, field]) => changed.has(field) || field.type === "hidden" && forms.has(field.form)).map(([name, field]) => [name, field.type === "checkbox" || field.type === "radio" ? field.checked : field.value]);
    return changed.size ? JSON.stringify({ user, values }) : null;
}

function keepTyped() {
    const text = typed();
    document.body.dataset.kept = "";
    if (text) sessionStorage.setItem(key, text);
}

/** Keeps what a form sends until the next page says whether it was taken. */
export function keepSent() {
    const before = sessionStorage.getItem(sent);
    sessionStorage.removeItem(sent);
    if (before && document.querySelector("[data-not-saved]")) {
        const [place, text] = JSON.parse(before);
        sessionStorage.setItem(place, text);
    }
    document.addEventListener("submit", (event) => {
        const text = event.target.getAttribute("method") === "post" && event.target.closest("main") ? typed() : null;
        if (text) sessionStorage.setItem(sent, JSON.stringify([key, text]));
    });
}

export function restoreTyped() {
    const stored = sessionStorage.getItem(key);
    // A page that says that a form was not taken may have the form's address, and has no form.
    if (!stored || document.querySelector("[data-not-saved]")) return;
    sessionStorage.removeItem(key);
    const { user: owner, values } = JSON.parse(stored);
    if (owner !== user) return; // Someone else signed in: it is not theirs.
    const places = new Map(fields());
    let changed = 0;
    for (const [name, value] of values) {
        const field = places.get(name);
        if (!field) continue;
        const part = typeof value === "boolean" ? "checked" : "value";
        if (field[part] === value) continue;
        field[part] = value;
        if (field.type === "hidden") continue;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        changed += 1;
    }
    if (changed) banner("good", "What you typed before signing in is back. It is not saved yet.");
}
