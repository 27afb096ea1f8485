/** The Authentication Service over HTTP: users by customer and username, and the client states that are imported for them. */
import type { Context, Hono } from "hono";
import { keylessApp, requireKey } from "../app.js";
import { CUSTOMER } from "../assumptions.js";
import { readName } from "../names.js";
import { authenticationPaths } from "../paths.js";
import { problem } from "../problem.js";
import type { States } from "../states.js";
import type { UserRegister } from "../users.js";
import { importHeaderRefusal, KEY_ALGORITHM, openClientState } from "./client-state.js";
import type { EncryptionKey } from "./encryption-key.js";

export interface AuthenticationParts {
  readonly states: States;
  readonly users: UserRegister;
  readonly encryptionKey: EncryptionKey;
  readonly apiKey: string;
}

export function authenticationApp({ states, users, encryptionKey, apiKey }: AuthenticationParts): Hono {
  const app = keylessApp();
  app.use(requireKey("kl-api-key", apiKey));
  app.get(authenticationPaths.encryption, (context) => {
    if (context.req.param("customer") !== CUSTOMER) return noCustomer();
    const { keyId, publicKey } = encryptionKey;
    return context.json({ keyId, supportedAlgorithms: [KEY_ALGORITHM], publicKey });
  });
  app.get(authenticationPaths.user, (context) =>
    withUsername(context, (username) => {
      const keylessId = users.idOf(username);
      return context.json(keylessId === undefined ? { isEnrolled: false } : { isEnrolled: true, keylessId });
    }),
  );
  app.post(authenticationPaths.import, (context) =>
    withUsername(context, async (username) => {
      const { headers } = context.req.raw;
      const unfit = importHeaderRefusal(headers, encryptionKey);
      if (unfit !== undefined) return problem(unfit.status, unfit.detail);
      const opened = openClientState(headers, new Uint8Array(await context.req.arrayBuffer()), encryptionKey);
      if ("status" in opened) return problem(opened.status, opened.detail);
      const keylessId = states.keylessIdOf("client", opened);
      if (keylessId === undefined) return problem(400, "What was imported is not a client state of this tenant");
      const user = users.committed(keylessId);
      if (user === undefined) return problem(400, "The client state's user is not registered, or not committed");
      if (users.idOf(username) !== undefined) return problem(409, "This username is taken");
      if (user.username !== undefined) return problem(409, "This user's client state is imported already");
      users.import(keylessId, user, username);
      return context.json({ success: true });
    }),
  );
  app.post(authenticationPaths.export, (context) =>
    withUsername(context, (username) => {
      const keylessId = users.idOf(username);
      if (keylessId === undefined) return problem(404, "User not found");
      users.addDevice(keylessId);
      return context.json({ clientState: states.clientStateOf(keylessId) });
    }),
  );
  return app;
}

async function withUsername(
  context: Context,
  answer: (username: string) => Response | Promise<Response>,
): Promise<Response> {
  if (context.req.param("customer") !== CUSTOMER) return noCustomer();
  const username = readName(context.req.param("username"));
  return "refused" in username ? problem(400, username.refused) : answer(username.value);
}

function noCustomer(): Response {
  return problem(404, "Customer not found");
}
