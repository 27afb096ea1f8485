/** The Operations Service over HTTP: users by keylessId, from uncommitted to gone, with their devices and external user ids. */
import type { Context, Hono } from "hono";
import { keylessApp, mediaType, requireKey } from "../app.js";
import { CUSTOMER } from "../assumptions.js";
import { readName } from "../names.js";
import { operationsPaths } from "../paths.js";
import { problem } from "../problem.js";
import { keylessIdSchema, type States } from "../states.js";
import type { User, UserRegister } from "../users.js";
import { readExternalUser } from "./payload.js";

export interface OperationsParts {
  readonly states: States;
  readonly users: UserRegister;
  readonly apiKey: string;
}

const NO_USER = "User not found";

export function operationsApp({ states, users, apiKey }: OperationsParts): Hono {
  const app = keylessApp();
  app.use(requireKey("X-Api-Key", apiKey));
  app.post(operationsPaths.uncommitted, async ({ req }) => {
    if (mediaType(req.raw.headers) !== "application/json") return problem(415, "Content-Type must be application/json");
    const keylessId = states.keylessIdOf("server", Buffer.from(await req.arrayBuffer()));
    if (keylessId === undefined) return problem(400, "The body is not, byte for byte, a server state of this tenant");
    if (!users.add(keylessId, "uncommitted")) return problem(409, "This user is registered already");
    return new Response(null, { status: 201 });
  });
  app.post(operationsPaths.commit, async (context) => {
    const keylessId = idIn(context, "keylessId");
    if (keylessId === undefined) return malformedId();
    if ((await context.req.arrayBuffer()).byteLength > 0) return problem(400, "This call takes no body");
    return users.commit(keylessId) ? context.body(null, 204) : problem(404, NO_USER);
  });
  app.delete(operationsPaths.user, (context) =>
    withUser(context, (_, keylessId) => {
      users.remove(keylessId);
      return context.json({ success: true });
    }),
  );
  app.get(operationsPaths.devices, (context) =>
    withUser(context, ({ devices }, userId) =>
      context.json(devices.map((device) => ({ userId, sdkCustomerId: CUSTOMER, ...device }))),
    ),
  );
  app.delete(operationsPaths.device, (context) =>
    withUser(context, (user, keylessId) => {
      const removed = users.removeDevice(keylessId, user, context.req.param("publicSigningKey"));
      return removed ? context.json({ success: true }) : problem(404, "Device not found");
    }),
  );
  app.get(operationsPaths.usersOfExternal, (context) => {
    const username = readName(context.req.param("username"));
    if ("refused" in username) return problem(400, username.refused);
    return context.json(
      [...users.usersOf(username.value)].map(([userId, { biometricPublicSigningKey, createdAt, updatedAt }]) => {
        return { userId, biometricPublicSigningKey, createdAt, updatedAt };
      }),
    );
  });
  app.delete(operationsPaths.externalUsers, (context) => {
    const username = readName(context.req.param("username"));
    if ("refused" in username) return problem(400, username.refused);
    users.removeExternalUserId(username.value);
    return context.body(null, 204);
  });
  app.post(operationsPaths.externalUser, (context) =>
    setExternalUserId(context, 201, (user) => user.externalUserId === undefined),
  );
  app.patch(operationsPaths.externalUser, (context) => setExternalUserId(context, 200, () => true));
  return app;

  function withUser(context: Context, answer: (user: User, keylessId: string) => Response): Response {
    const keylessId = idIn(context, "userId");
    if (keylessId === undefined) return malformedId();
    const user = users.committed(keylessId);
    return user === undefined ? problem(404, NO_USER) : answer(user, keylessId);
  }

  async function setExternalUserId(context: Context, status: 200 | 201, mayHave: (user: User) => boolean) {
    const body = await readExternalUser(context.req.raw);
    if ("status" in body) return problem(body.status, body.detail);
    return withUser(context, (user, keylessId) => {
      if (!mayHave(user)) return problem(409, "This user has an external user id already");
      users.setExternalUserId(keylessId, user, body.externalUserId);
      return context.json({ success: true }, status);
    });
  }
}

function idIn(context: Context, name: "keylessId" | "userId"): string | undefined {
  return keylessIdSchema.safeParse(context.req.param(name)).data;
}

function malformedId(): Response {
  return problem(400, "A user's id is 64 upper-case hexadecimal digits");
}
