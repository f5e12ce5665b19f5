// Passkeys. A form with data-passkey fetches its question, lets the browser ask the person, and
// sends the answer in its field. Where a browser cannot, the form stays hidden and the page says
// what else to do.

const CANCELLED = "That was cancelled, or took too long. Try again, or use another way.";
const KNOWN = "This passkey is there already.";
const FAILED = "That did not work here. Try again, or use another way.";

/** Bytes from base64url without padding, as WebAuthn writes them in JSON; and back. */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function described(credentials) {
  return (credentials ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
}

async function create(question) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...question,
      challenge: bytes(question.challenge),
      user: { ...question.user, id: bytes(question.user.id) },
      excludeCredentials: described(question.excludeCredentials),
    },
  });
  return {
    ...said(made),
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function get(question) {
  const used = await navigator.credentials.get({
    publicKey: {
      ...question,
      challenge: bytes(question.challenge),
      allowCredentials: described(question.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  return {
    ...said(used),
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
}

function said(credential) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ask(form) {
  const answer = await fetch(form.dataset.question, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  if (answer.redirected) {
    location.assign(answer.url);
    return;
  }
  if (!answer.ok) throw new Error(`the question was answered with ${answer.status}`);
  const made = await { create, get }[form.dataset.passkey](await answer.json());
  form.elements.answer.value = JSON.stringify(made);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  for (const instead of document.querySelectorAll("[data-without-passkey]")) instead.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation(); // It is not on its way yet.
    const button = form.querySelector("button");
    const message = form.querySelector("[data-said]");
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    message.textContent = "";
    try {
      await ask(form);
    } catch (refused) {
      const words = { NotAllowedError: CANCELLED, InvalidStateError: KNOWN };
      message.textContent = words[refused.name] ?? FAILED;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
