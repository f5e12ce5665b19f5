// Questions that hang on the answer to another one: shown only where it was given. The server
// decides the same by itself.

for (const form of document.querySelectorAll("[data-questions]")) {
  const hanging = [...form.querySelectorAll("[data-only-if]")];
  const follow = () => {
    for (const part of hanging) { // In their order: what hangs on something hidden is hidden, too.
      part.hidden = !isMet(form, part);
    }
  };
  form.addEventListener("input", follow);
  window.addEventListener("pageshow", follow); // Going back, browsers fill in what was there.
  follow();
}

function isMet(form, part) {
  const { onlyIf, onlyValue } = part.dataset;
  const controls = [...form.querySelectorAll(`[name="${onlyIf}"]`)];
  if (controls.some((control) => control.closest("[data-only-if]")?.hidden)) return false;
  return controls.some((control) =>
    control.matches("select") ? control.value === onlyValue : control.checked && control.value === onlyValue,
  );
}
