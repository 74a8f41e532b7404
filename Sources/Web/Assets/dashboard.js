// Entry. Every part is optional: the pages work without any of it.
import "./theme.js";
import { watchTimes } from "./times.js";
import { watchStatus } from "./status.js";
import { keepSent, restoreTyped } from "./session.js";
import { watchLists } from "./lists.js";
import { watchCharts } from "./charts.js";
import { watchForms } from "./forms.js";
import { watchSwitches } from "./switches.js";
import { watchKeys } from "./keys.js";

document.documentElement.classList.add("js");
watchTimes();
watchStatus();
watchLists();
watchCharts();
// Before the forms, whose way of sending it replaces.
watchSwitches();
watchForms();
keepSent();
restoreTyped();
watchKeys();

// The menus are <details>: Escape closes the one that has the focus and gives the focus back to its summary.
document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details.switcher[open], details.user[open], details.fold[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
});

// A click elsewhere closes them.
document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.switcher[open], details.user[open]")) {
        if (!menu.contains(event.target)) menu.open = false;
    }
});

// The message of a completed action is shown once: not after a reload, and not to others who get the address. Also, a
// page that a form was answered with becomes one that "back" can read again.
const here = new URL(location);
if (here.searchParams.has("done") || document.querySelector("main form[method=post]")) {
    here.searchParams.delete("done");
    history.replaceState(history.state, "", here);
}

document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
        const before = button.textContent;
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = before; }, 2000);
    } catch {
        getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    }
});
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
