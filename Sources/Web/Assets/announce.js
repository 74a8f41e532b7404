// Says a change to screen readers, in the live region of the page.
export function announce(text) {
    const region = document.querySelector("[data-announce]");
    if (region) region.textContent = text;
}
