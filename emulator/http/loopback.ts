/**
 * Binds a port of the loopback interface, the only one the tenant listens on: its IPv4 address, and for an origin that is called
 * `localhost` its IPv6 address too, since a browser may take either.
 */
import { createServer, type RequestListener, type Server } from "node:http";
import { TenantError } from "../errors.js";
import type { Slot } from "../slots.js";

export const LOOPBACK = "127.0.0.1";
const LOOPBACK_V6 = "::1";
const WITHOUT_V6: ReadonlySet<string> = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

export interface Bound {
  readonly port: number;
  readonly servers: readonly Server[];
}

export interface Wanted {
  readonly slot: Slot;
  /** 0: any. */
  readonly port: number;
  readonly bothFamilies: boolean;
}

/** @throws TenantError where the port is taken; then nothing stays bound. */
export async function bindLoopback({ slot, port, bothFamilies }: Wanted, respond: RequestListener): Promise<Bound> {
  for (;;) {
    const first = await bind(createServer(respond), LOOPBACK, port).catch((error: unknown) => {
      throw bindingError(error, slot, port);
    });
    if (!bothFamilies) return { port: first.port, servers: [first.server] };
    try {
      const second = await bind(createServer(respond), LOOPBACK_V6, first.port);
      return { port: first.port, servers: [first.server, second.server] };
    } catch (error) {
      if (WITHOUT_V6.has(codeOf(error))) return { port: first.port, servers: [first.server] };
      await new Promise((resolve) => first.server.close(resolve));
      // Any port was wanted, and this one is free for one family only.
      if (port === 0 && codeOf(error) === "EADDRINUSE") continue;
      throw bindingError(error, slot, first.port);
    }
  }
}

function bind(server: Server, host: string, port: number): Promise<{ readonly server: Server; readonly port: number }> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      resolve({ server, port: typeof address === "object" && address !== null ? address.port : port });
    });
  });
}

function bindingError(error: unknown, slot: Slot, port: number): TenantError {
  const code = codeOf(error);
  const reason = code === "EADDRINUSE" ? "is in use" : `can't be listened on (${code})`;
  return new TenantError({
    problem: "port",
    what: `Port ${port}, where the embedded tenant's ${slot} origin belongs, ${reason}`,
    remedy: "Stop what listens there, or give the tenant another base port (0 for any free ones)",
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown cause";
}
