// The server reads the cookie and renders data-theme; here it only takes effect at once, without a round trip.
document.addEventListener("submit", (event) => {
    const form = event.target;
    const choice = event.submitter?.value;
    if (!form.matches("form.theme") || !["light", "dark", "system"].includes(choice)) return;
    event.preventDefault();
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${choice}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    document.documentElement.dataset.theme = choice;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button === event.submitter);
});
