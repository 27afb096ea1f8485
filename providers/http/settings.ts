/** Checks a client's settings before anything is sent with them: the guard first, then what could not work. */
import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { AuthnError } from "../errors.js";
import type { ClientSettings } from "./contract.js";
import { MAX_TIMER_MS } from "./gate.js";
import { guardHost, isLoopbackHost } from "./guard.js";

const limits = z.object({
  timeoutMs: z.int().min(1).max(MAX_TIMER_MS),
  maxRequestsPerSecond: z.number().positive().optional(),
  concurrency: z.int().min(1).optional(),
});

function misconfigured(what: string, remedy: string): AuthnError {
  return new AuthnError({ code: "ERR_AUTHN_CONFIGURATION", what, remedy });
}

/**
 * The base URL, where the guard lets it pass.
 * @throws AuthnError ERR_AUTHN_HOST_REFUSED, with the command that allows the host
 */
export function guardedUrl({ baseUrl, allowedHosts, urlProperty }: ClientSettings): URL {
  const verdict = guardHost(baseUrl, allowedHosts, urlProperty);
  if (verdict.allowed) return new URL(baseUrl);
  throw new AuthnError({
    code: "ERR_AUTHN_HOST_REFUSED",
    what: verdict.reason ?? `${urlProperty} is refused`,
    remedy: verdict.remedy ?? `Check ${urlProperty}`,
  });
}

/** @throws AuthnError ERR_AUTHN_HOST_REFUSED or ERR_AUTHN_CONFIGURATION */
export function assertSound(settings: ClientSettings): void {
  const url = guardedUrl(settings);
  const { service, urlProperty, ca, unverifiedTls } = settings;
  if (url.search !== "" || url.hash !== "") {
    throw misconfigured(`${urlProperty} has a query or a fragment`, `Set ${urlProperty} to what stands before ? and #`);
  }
  const checked = limits.safeParse(settings);
  if (!checked.success) {
    const names = checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    throw misconfigured(`The limits for ${service} are out of range (${names})`, "Correct these settings");
  }
  if (unverifiedTls === true && !isLoopbackHost(url.hostname)) {
    throw misconfigured(
      `The certificate of ${url.hostname} (${urlProperty}) must be verified: only on loopback may it be left out`,
      "Leave the verification on, and give the certificate authority of that host if the system doesn't know it",
    );
  }
  if (ca === undefined) return;
  try {
    new X509Certificate(ca);
  } catch {
    throw misconfigured(
      `The certificate authority given for ${service} is not a PEM certificate`,
      "Give it as PEM, beginning with -----BEGIN CERTIFICATE-----",
    );
  }
}
