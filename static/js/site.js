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

const AGAIN_AFTER_MS = 10_000;

/** A second press while a form is on its way does nothing; after a while, or back, it works again. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(release, AGAIN_AFTER_MS, form);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach(release);
});

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}
