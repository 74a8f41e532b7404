// Filters, sorting and paging without losing scroll and focus: fetch the same page, swap its [data-region] parts.
// On any doubt (another kind of answer, a redirect, missing parts) the browser loads the page normally. Without an answer
// the list stays, and a notice above it says so.
import { announce } from "./announce.js";
import { refresh } from "./times.js";
import { watchCharts } from "./charts.js";
import { showSignedOut } from "./session.js";

let running = null;
let typing = 0;

export function watchLists() {
    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (!form.matches("form[data-swap]")) return;
        event.preventDefault();
        send(form);
    });
    document.addEventListener("change", (event) => {
        const form = event.target.form;
        if (!form?.matches("form[data-swap]") || event.target.type === "search") return;
        const narrowed = form.elements[event.target.dataset.clears];
        if (narrowed) narrowed.value = "";
        send(form);
    });
    document.addEventListener("input", (event) => {
        const form = event.target.form;
        if (event.target.type !== "search" || !form?.matches("form[data-swap]")) return;
        clearTimeout(typing);
        typing = setTimeout(() => send(form, true), 300);
    });
    document.addEventListener("click", (event) => {
        const link = event.target.closest("a[data-swap]");
        if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        swap(link.href, { keep: null, top: link.dataset.swap === "page" });
    });
    addEventListener("popstate", () => {
        if (document.querySelector("[data-region]")) swap(location.href, { keep: null, history: "none" });
    });
}

function send(form, replaces = false) {
    clearTimeout(typing);
    // Not form.action: a filter may be called that.
    const url = new URL(form.getAttribute("action"), location);
    url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    if (url.href !== location.href) swap(url.href, { keep: form, history: replaces ? "replace" : "push" });
}

async function swap(url, how) {
    const { keep, top = false, history: way = "push" } = how;
    running?.abort();
    const mine = running = new AbortController();
    const regions = [...document.querySelectorAll("[data-region]")];
    for (const region of regions) region.setAttribute("aria-busy", "true");
    try {
        const answer = await fetch(url, { headers: { Accept: "text/html" }, signal: mine.signal, cache: "no-store" });
        if (answer.status === 401) {
            showSignedOut();
            for (const region of regions) region.removeAttribute("aria-busy");
            return;
        }
        const html = answer.headers.get("Content-Type")?.startsWith("text/html");
        if (answer.status >= 500) return keepList(regions, url, how);
        // 400 and 422: a filter is invalid, and its field says so. A page from before the database went away says so outside of
        // the parts that would be swapped.
        if (!answer.ok && ![400, 422].includes(answer.status) || answer.redirected || !html || answer.headers.has("Dashboard-As-Of")) return location.assign(url);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (mine.signal.aborted) return;
        const pairs = regions.map((region) => [region, page.querySelector(`[data-region="${region.dataset.region}"]`)]);
        if (pairs.some(([, fresh]) => !fresh) || page.querySelectorAll("[data-region]").length !== pairs.length) return location.assign(url);
        if (way === "push") history.pushState(null, "", url);
        if (way === "replace") history.replaceState(null, "", url);
        put(pairs, keep, top, page);
    } catch (problem) {
        if (problem.name !== "AbortError") keepList(regions, url, how);
    }
}

function keepList(regions, url, how) {
    for (const region of regions) region.removeAttribute("aria-busy");
    document.querySelector("[data-unloaded]")?.remove();
    const again = document.createElement("button");
    again.className = "button small";
    again.textContent = "Try again";
    again.addEventListener("click", () => swap(url, how));
    const words = document.createElement("div");
    words.textContent = "The list could not be loaded. It still shows the rows from before.";
    const box = document.createElement("div");
    box.className = "notice bad";
    box.dataset.unloaded = "";
    box.setAttribute("role", "alert");
    box.append(words, again);
    regions.find((region) => region.dataset.region === "list")?.before(box);
}

function put(pairs, keep, top, page) {
    const focus = document.activeElement;
    document.querySelector("[data-unloaded]")?.remove();
    const told = page.querySelector(".filters .error, [data-shown], .empty h2")?.textContent.trim();
    for (const [old, fresh] of pairs) {
        if (keep && old.contains(keep)) {
            old.removeAttribute("aria-busy");
            update(old, fresh);
            continue;
        }
        const had = old.contains(focus);
        old.replaceWith(document.adoptNode(fresh));
        if (had) (document.getElementById(focus.id) ?? focusable(fresh)).focus({ preventScroll: true });
        if (top && fresh.dataset.region === "list") {
            focusable(fresh).focus({ preventScroll: true });
            fresh.scrollIntoView({ block: "start" });
        }
        refresh(fresh);
        watchCharts(fresh);
    }
    if (told) announce(told);
}

// The field that has the focus stays: a new element would lose a value that is half typed.
function update(form, fresh) {
    for (const field of form.querySelectorAll(".field")) {
        const control = field.querySelector("input, select");
        const other = control && fresh.querySelector(`#${CSS.escape(control.id)}`);
        if (!other) continue;
        if (!field.contains(document.activeElement)) {
            field.replaceWith(other.closest(".field"));
            continue;
        }
        for (const name of ["aria-invalid", "aria-describedby"]) {
            if (other.hasAttribute(name)) control.setAttribute(name, other.getAttribute(name));
            else control.removeAttribute(name);
        }
        field.querySelector(".error")?.remove();
        const error = other.closest(".field").querySelector(".error");
        if (error) field.append(error);
    }
    const buttons = (all) => [...all.querySelectorAll(":scope > .actions")].at(-1);
    buttons(form).replaceWith(buttons(fresh));
}

function focusable(element) {
    element.tabIndex = -1;
    return element;
}
