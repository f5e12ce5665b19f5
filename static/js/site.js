// Small comforts. Every page does its job without them.

/** Copy buttons: shown only where the browser can copy, and they say that they did. */
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const box = button.closest(".copy");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = box.querySelector("[data-copied]");
    try {
      await navigator.clipboard.writeText(box.querySelector("[data-copy-text]").textContent.trim());
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Copying did not work. Select the address and copy it.";
    }
  });
}

/** Print buttons. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** A second press while a form is on its way does nothing; going back makes it usable again. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});
