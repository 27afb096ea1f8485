/** Ctrl-C before the engine has begun the operation: nothing was tried, whatever was being got ready. */
import { AuthnError } from "../../providers/errors.js";

/** @throws AuthnError ERR_AUTHN_ENGINE, once a stop was asked for */
export function refuseWhenStopped(stop: AbortSignal, cause?: unknown): void {
  if (!stop.aborted) return;
  throw new AuthnError({
    code: "ERR_AUTHN_ENGINE",
    what: "Stopped before anything was done",
    remedy: "Run the command again",
    cause,
  });
}

/** What was cut short says so in words of its own (an AbortError, a killed build); the reader gets ours. */
export async function unlessStopped<T>(stop: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    refuseWhenStopped(stop, error);
    throw error;
  }
}
