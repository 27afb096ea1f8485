/** The relying party's page: what a browser is given, as it stands here. It needs no build of its own and loads nothing from elsewhere. */

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Demonstration relying party</title>
<link rel="stylesheet" href="/page.css">
<script src="/page.js" type="module"></script>
</head>
<body>
<main>
<h1>Demonstration relying party</h1>
<p>Register with a passkey, or sign in with one that you have. All of it stays on this machine.</p>
<p id="status" role="status" aria-live="polite"></p>
<noscript><p>Passkeys need JavaScript.</p></noscript>
<section id="signed-out" aria-label="Signed out" hidden>
<h2>Sign in</h2>
<button type="button" id="sign-in">Sign in with a passkey</button>
<h2>Register</h2>
<form id="register">
<label for="username">Username</label>
<input id="username" name="username" autocomplete="username" required maxlength="64">
<button>Register a passkey</button>
</form>
</section>
<section id="signed-in" aria-label="Signed in" hidden>
<h2>Who am I</h2>
<p>Signed in as <strong id="name"></strong> (user id <code id="user-id"></code>).</p>
<h2>My passkeys</h2>
<ul id="passkeys"></ul>
<button type="button" id="sign-out">Sign out</button>
</section>
</main>
</body>
</html>
`;

export const STYLE = `:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
button, input { font: inherit; padding: .4rem .8rem; margin: .25rem .25rem .25rem 0; }
label { display: block; }
#status:empty { display: none; }
#status { border-inline-start: .25rem solid; padding-inline-start: .75rem; }
code { overflow-wrap: anywhere; }
`;

export const SCRIPT = `const element = (id) => document.getElementById(id);

async function call(method, path, body) {
  const sent = method === "POST" ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) } : {};
  const response = await fetch(path, { method, ...sent });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

async function register(username) {
  const { publicKey } = await call("POST", "/registration/start", { username });
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
  const credential = await navigator.credentials.create({ publicKey: options });
  return call("POST", "/registration/finish", credential.toJSON());
}

async function signIn() {
  const { publicKey } = await call("POST", "/sign-in/start");
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
  const credential = await navigator.credentials.get({ publicKey: options });
  return call("POST", "/sign-in/finish", credential.toJSON());
}

async function show({ user }) {
  element("signed-out").hidden = user !== null;
  element("signed-in").hidden = user === null;
  if (user === null) return;
  element("name").textContent = user.name;
  element("user-id").textContent = user.id;
  const items = (await call("GET", "/passkeys")).map(({ name, createdAt }) => {
    const item = document.createElement("li");
    item.textContent = name + ", since " + new Date(createdAt).toLocaleString();
    return item;
  });
  element("passkeys").replaceChildren(...items);
}

/** One step at a time; what goes wrong is said where screen readers hear it. */
async function step(doing, done, action) {
  const buttons = document.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  element("status").textContent = doing;
  try {
    await show(await action());
    element("status").textContent = done;
  } catch (error) {
    element("status").textContent = error.name === "NotAllowedError" ? "Cancelled, or no passkey fits." : error.message;
  }
  for (const button of buttons) button.disabled = false;
}

element("register").addEventListener("submit", (event) => {
  event.preventDefault();
  step("Registering…", "Registered and signed in.", () => register(element("username").value));
});
element("sign-in").addEventListener("click", () => step("Signing in…", "Signed in.", signIn));
element("sign-out").addEventListener("click", () =>
  step("Signing out…", "Signed out.", async () => {
    await call("POST", "/sign-out");
    return { user: null };
  }),
);
if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) step("", "", () => call("GET", "/session"));
else element("status").textContent = "This browser has no passkeys, or is too old for this page.";
`;
