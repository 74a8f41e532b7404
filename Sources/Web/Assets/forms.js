// Forms whose changes can be lost: a bar that says so, and a question on the way out.
export function watchForms() {
    for (const form of document.querySelectorAll("form[data-guard]")) guard(form);
}

function guard(form) {
    const words = form.querySelector("[data-unsaved]");
    let leaving = false;
    const isChanged = () => "dirty" in form.dataset || [...form.elements].some(differs);
    const show = () => {
        const changed = isChanged();
        form.classList.toggle("dirty", changed);
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
