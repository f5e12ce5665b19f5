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

/** What the button books follows the boxes that are ticked. */
for (const told of document.querySelectorAll("[data-you-book]")) {
  const form = told.closest("form");
  const follow = () => {
    const ticked = [...form.querySelectorAll("input[data-date]:checked")];
    say(told, "books", ticked.filter((box) => !box.dataset.waits));
    say(told, "waits", ticked.filter((box) => box.dataset.waits));
    told.querySelector("[data-say=none]").hidden = ticked.length > 0;
  };
  told.classList.add("live");
  form.addEventListener("change", follow);
  window.addEventListener("pageshow", follow); // Going back, browsers tick what was ticked.
  follow();
}

function say(told, what, boxes) {
  const line = told.querySelector(`[data-say=${what}]`);
  line.hidden = boxes.length === 0;
  line.querySelector("[data-dates]").replaceChildren(
    ...boxes.map((box) => {
      const date = document.createElement("strong");
      date.textContent = box.dataset.date;
      return date;
    }),
  );
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

const FOLLOW_EVERY_MS = 1_500;

/** Pages about work that goes on are looked at again until it is done; then the page is made anew. */
for (const box of document.querySelectorAll("[data-follow]")) setTimeout(follow, FOLLOW_EVERY_MS, box);

async function follow(box) {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-follow]");
    if (!answer.ok || !now) return location.reload();
    for (const part of box.querySelectorAll("[data-far]")) {
      part.replaceChildren(...now.querySelector("[data-far]").childNodes);
    }
  } catch {
    // Away for a moment: the link on the page does the same.
  }
  setTimeout(follow, FOLLOW_EVERY_MS, box);
}
