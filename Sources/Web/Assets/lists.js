// Filters, sorting and paging without losing scroll and focus: fetch the same page, swap its [data-region] parts.
// On any doubt (another kind of answer, a redirect, missing parts, a failure) the browser loads the page normally.
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
        if (form?.matches("form[data-swap]") && event.target.type !== "search") send(form);
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

async function swap(url, { keep, top = false, history: how = "push" }) {
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
        // A page from before the database went away says so outside of the parts that would be swapped.
        if (!answer.ok || answer.redirected || !html || answer.headers.has("Dashboard-As-Of")) return location.assign(url);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (mine.signal.aborted) return;
        const pairs = regions.map((region) => [region, page.querySelector(`[data-region="${region.dataset.region}"]`)]);
        if (pairs.some(([, fresh]) => !fresh) || page.querySelectorAll("[data-region]").length !== pairs.length) return location.assign(url);
        if (how === "push") history.pushState(null, "", url);
        if (how === "replace") history.replaceState(null, "", url);
        put(pairs, keep, top, page);
    } catch (problem) {
        if (problem.name !== "AbortError") location.assign(url);
    }
}

function put(pairs, keep, top, page) {
    const focus = document.activeElement;
    const told = page.querySelector("[data-shown], .empty h2")?.textContent.trim();
    for (const [old, fresh] of pairs) {
        // The form that is being typed in stays as it is.
        if (keep && old.contains(keep)) {
            old.removeAttribute("aria-busy");
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
    const region = document.querySelector("[data-announce]");
    if (region && told) region.textContent = told;
}

function focusable(element) {
    element.tabIndex = -1;
    return element;
}
