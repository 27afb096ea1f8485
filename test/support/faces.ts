/** A project's folder with portraits, and `KeylessUser` hosted over it: what the lifecycle tests of Keyless share. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tenant } from "../../emulator/testing.js";
import type { HostedProvider } from "../../providers/host/adapter.js";
import { keylessUserLifecycle } from "../../providers/keyless/lifecycle.js";
import { hosted } from "./hosting.js";
import { portrait } from "./portraits.js";

export interface FacesFolder {
  readonly folder: string;
  write(path: string, content: Buffer | string): void;
}

const made: string[] = [];
process.once("exit", () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Has `faces/ada.jpg`; is removed when the process ends. */
export function facesFolder(): FacesFolder {
  const folder = mkdtempSync(join(tmpdir(), "authn-faces-"));
  made.push(folder);
  const write = (path: string, content: Buffer | string) => writeFileSync(join(folder, path), content);
  write("Pulumi.yaml", "name: project\nruntime: nodejs\n");
  mkdirSync(join(folder, "faces"));
  write("faces/ada.jpg", portrait(1));
  return { folder, write };
}

export function hostedKeyless(
  { record }: Pick<Tenant, "record">,
  folder: string,
  configuration: Readonly<Record<string, string>> = {},
  warn: (line: string) => void = () => undefined,
): HostedProvider {
  const timeoutMs = configuration["authn:timeoutMs"] ?? "5000";
  const settings = Object.entries(record.keyless).map(([key, value]) => [`keyless:${key}`, value]);
  return hosted(keylessUserLifecycle, {
    workingDirectory: folder,
    warn,
    configuration: {
      ...Object.fromEntries(settings),
      "authn:timeoutMs": timeoutMs,
      "keyless:agentTimeoutMs": timeoutMs,
      ...configuration,
    },
  });
}
