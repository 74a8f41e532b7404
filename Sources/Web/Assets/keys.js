// Shortcuts: "/" search, "g" then a letter goes to a page (the letters are data-key of the navigation's links), "?" help.
// They can be turned off in the help, because single keys get in the way of speech input (WCAG 2.1.4).
const off = "shortcuts-off";
let waiting = -Infinity; // when "g" was pressed

export function watchKeys() {
    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || localStorage.getItem(off)) return;
        if (event.target.closest("input, select, textarea, [contenteditable], dialog")) return;
        if (press(event.key)) event.preventDefault();
    });
    for (const button of document.querySelectorAll("[data-help]")) {
        button.hidden = false;
        button.addEventListener("click", help);
    }
}

function press(key) {
    const link = performance.now() - waiting < 1500 && document.querySelector(`a[data-key="${CSS.escape(key)}"]`);
    waiting = -Infinity;
    if (link) link.click();
    else if (key === "g") waiting = performance.now();
    else if (key === "?") help();
    else if (key === "/") {
        const field = document.querySelector("main input[type=search]");
        field?.focus();
        field?.select();
        return Boolean(field);
    } else return false;
    return true;
}

function help() {
    const dialog = document.querySelector("#help") ?? document.body.appendChild(build());
    if (!dialog.open) dialog.showModal();
}

function build() {
    const make = (tag, text = "", ...children) => {
        const element = document.createElement(tag);
        element.textContent = text;
        element.append(...children);
        return element;
    };
    const list = make("dl");
    list.className = "keys";
    const row = (keys, text) => list.append(make("dt", "", ...keys.flatMap((key) => [make("kbd", key), " "])), make("dd", text));
    if (document.querySelector("main input[type=search]")) row(["/"], "Search this list");
    row(["?"], "This help");
    for (const link of document.querySelectorAll("a[data-key]")) row(["g", link.dataset.key], link.dataset.name ?? link.textContent.trim());
    const box = make("input");
    box.type = "checkbox";
    box.checked = !localStorage.getItem(off);
    box.addEventListener("change", () => box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1"));
    const check = make("label", "", box, make("span", "Use these shortcuts"));
    check.className = "check";
    const close = make("button", "Close");
    close.className = "button";
    // Not the switch: the space bar would turn the shortcuts off.
    close.autofocus = true;
    const form = make("form", "", close);
    form.method = "dialog";
    const title = make("h2", "Keyboard shortcuts");
    title.id = "help-title";
    const dialog = make("dialog", "", title, list, check, form);
    dialog.id = "help";
    dialog.setAttribute("aria-labelledby", title.id);
    return dialog;
}
