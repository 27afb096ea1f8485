const element = (id) => document.getElementById(id);

async function call(method, path, body) {
  const sent =
    method === "POST" ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) } : {};
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
    item.textContent = `${name}, since ${new Date(createdAt).toLocaleString()}`;
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
  void step("Registering…", "Registered and signed in.", () => register(element("username").value));
});
element("sign-in").addEventListener("click", () => step("Signing in…", "Signed in.", signIn));
element("sign-out").addEventListener("click", () =>
  step("Signing out…", "Signed out.", async () => {
    await call("POST", "/sign-out");
    return { user: null };
  }),
);
if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) void step("", "", () => call("GET", "/session"));
else element("status").textContent = "This browser has no passkeys, or is too old for this page.";
