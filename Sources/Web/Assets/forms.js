// Forms whose changes can be lost: a bar that says so, and a question on the way out.
export function watchForms() {
    for (const form of document.querySelectorAll("form[data-guard]")) guard(form);
    document.addEventListener("submit", (event) => {
        if (!event.defaultPrevented && event.target.getAttribute("method") === "post") send(event);
    });
    // A page from the back/forward cache can send its forms again.
    addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[aria-busy]")) rest(form); });
}

// Shows that a form is on its way. The second click of a double click does nothing.
function send(event) {
    const form = event.target;
    if (form.hasAttribute("aria-busy")) return event.preventDefault();
    form.setAttribute("aria-busy", "true");
    const button = event.submitter;
    if (button?.parentElement.matches(".actions") && !button.childElementCount) {
        button.dataset.label = button.textContent;
        button.textContent = "Sending …";
    }
    // No browser waits that long without saying so; then the form can be sent again.
    setTimeout(() => rest(form), 20_000);
}

function rest(form) {
    form.removeAttribute("aria-busy");
    const button = form.querySelector("button[data-label]");
    if (!button) return;
    button.textContent = button.dataset.label;
    delete button.dataset.label;
}

function guard(form) {
    const words = form.querySelector("[data-unsaved]");
    let leaving = false;
    const isChanged = () => "dirty" in form.dataset || [...form.elements].some(differs);
    const show = () => {
        const changed = isChanged();
        const appears = changed && !form.classList.contains("dirty");
        form.classList.toggle("dirty", changed);
        // The save bar must not cover the field that has the focus.
        if (appears && form.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
        words.textContent = changed ? "You have unsaved changes." : "";
    };
    form.addEventListener("input", show);
    form.addEventListener("submit", () => { leaving = true; });
    form.querySelector("[data-discard]").addEventListener("click", () => { leaving = true; });
    addEventListener("beforeunload", (event) => {
        // Input that is kept over a sign-in is not lost.
        if (!leaving && isChanged() && !("kept" in document.body.dataset)) event.preventDefault();
    });
    addEventListener("pageshow", () => { leaving = false; show(); });
    show();
}

export function differs(field) {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    // The first option is the default.
    if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
    return "defaultValue" in field && field.value !== field.defaultValue;
}
