// Switches show their new state at once, and turn back if the change is not saved.
import { announce } from "./announce.js";
import { takeLive } from "./live.js";
import { showSignedOut } from "./session.js";

export function watchSwitches() {
    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (!form.matches("form[data-switch]")) return;
        event.preventDefault();
        if (!form.hasAttribute("aria-busy")) change(form);
    });
}

async function change(form) {
    const button = form.querySelector("[role=switch]");
    const body = new URLSearchParams(new FormData(form));
    const wanted = button.getAttribute("aria-checked") !== "true";
    document.querySelector("[data-not-saved]")?.remove();
    button.setAttribute("aria-checked", String(wanted));
    form.setAttribute("aria-busy", "true");
    try {
        const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
        if (answer.status === 401) showSignedOut();
        if (!answer.ok) throw new Error(answer.status);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        form.removeAttribute("aria-busy");
        // The form has the focus, so it is not among the parts that are swapped: it gets the next address.
        const fresh = page.querySelector(`form[data-switch][data-live="${form.dataset.live}"]`);
        if (fresh) form.action = fresh.action;
        takeLive(page);
        announce(page.querySelector(".notice.good strong")?.textContent ?? "Saved.");
    } catch {
        form.removeAttribute("aria-busy");
        button.setAttribute("aria-checked", String(!wanted));
        refuse(button.textContent.trim(), wanted);
    }
}

function refuse(name, wanted) {
    const box = document.createElement("div");
    box.className = "notice bad";
    box.dataset.notSaved = "";
    box.setAttribute("role", "alert");
    box.textContent = `${name} is still ${wanted ? "off" : "on"}: the change could not be saved. Try again in a moment.`;
    document.querySelector("main .head").after(box);
}
