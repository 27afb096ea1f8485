// A file of its own: oidc-provider prints each of its warnings once a process.
import { expect, test, vi } from "vitest";
import { accessTokenOf, baikalTenant, clientKey } from "./_setup.js";

test("nothing is printed, whatever the authserver is asked", async () => {
  const printed = (["log", "info", "warn", "error"] as const).map((name) => vi.spyOn(console, name));
  const { baikal, token, introspect, grant } = await baikalTenant();
  const headers = { "x-forwarded-proto": "https", accept: "text/html" };
  await introspect(accessTokenOf(await token({ grant_type: "client_credentials" }, headers)));
  expect((await grant({ key: await clientKey() }, headers)).status).toBe(400);
  expect((await token({ grant_type: "client_credentials" }, { origin: "https://page.example" })).status).toBe(403);
  const authorization = "/auth?client_id=billing&response_type=code&scope=openid&redirect_uri=https://page.example/";
  for (const path of ["/.well-known/openid-configuration", "/jwks", authorization, "/me", "/token", "/nothing"])
    await fetch(baikal.endpoint + path, { headers });
  for (const spy of printed) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});
