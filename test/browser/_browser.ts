/** Chromium of this machine, driven by Playwright; what a run without one does is decided here alone. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Undefined where this machine has none; `CHROMIUM` names one that stands elsewhere. */
export function browserPath(): string | undefined {
  const named = process.env["CHROMIUM"];
  return [...(named ? [named] : []), ...PLACES].find((path) => existsSync(path));
}

/** False: this machine has no browser, and nobody said that it must have one. CI always has. */
export function browserAtHand(): boolean {
  if (browserPath() !== undefined || process.env["CI"]) return true;
  process.stderr.write("No Chromium here, so the tests in test/browser are left out: apt-get install chromium\n");
  return false;
}

export async function launchBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error("No Chromium here: apt-get install chromium, or set CHROMIUM");
  return chromium.launch({
    executablePath,
    // Whoever runs tests as root (a container) can have no sandbox; and nothing may look for the network.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
