import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installerBehind } from "../../../src/cli/engine/installer.js";
import { limits } from "../../../src/cli/engine/pinned.js";
import { Machine } from "./_machine.js";

let machine: Machine;
let server: Server;
beforeEach(async () => {
  machine = await Machine.create();
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await machine.dispose();
});

function address(): string {
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${bound.port}/install.sh`;
}

// Only the network that swallows has a short limit: on a loaded machine, a process's first fetch may take longer than any.
const install = (url: string, { signal, reachMs = 60_000 }: { signal?: AbortSignal; reachMs?: number } = {}) =>
  installerBehind(url)(
    machine.home,
    { environment: machine.environment, report: (line) => machine.lines.push(line), ...(signal && { signal }) },
    { ...limits, reachMs },
  );

test("a closed network is found before the installer starts", async () => {
  const url = address();
  await new Promise((resolve) => server.close(resolve));
  await expect(install(url)).resolves.toEqual({ reason: "its server can't be reached" });
  expect(machine.lines).toEqual([]);
});

test("a network that swallows what is sent is given up after the limit", async () => {
  const answer = install(address(), { reachMs: 200 });
  await expect(answer).resolves.toEqual({ reason: "its server gave no answer in 0.2 s" });
});

test("a proxy's refusal is no installer", async () => {
  server.on("request", (_, response) => response.writeHead(403).end());
  await expect(install(address())).resolves.toEqual({ reason: "its server answered 403" });
});

test("Ctrl-C while the installer's server is asked ends it with the caller's reason", async () => {
  const interruption = new AbortController();
  server.on("request", () => interruption.abort(new Error("interrupted")));
  await expect(install(address(), { signal: interruption.signal })).rejects.toThrow("interrupted");
});
