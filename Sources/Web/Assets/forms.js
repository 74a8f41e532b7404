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
    addEventListener("beforeunload", (event) => { if (!leaving && isChanged()) event.preventDefault(); });
    addEventListener("pageshow", () => { leaving = false; show(); });
    show();
}

function differs(field) {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return "defaultValue" in field && field.value !== field.defaultValue;
}
