/** What can go wrong with one call of a service. */
import type { FaultSpec } from "../../emulator/testing.js";

/** What can befall a call: where it strikes, and whether the call took effect. `once` is over after one answer. */
export const befalls: readonly (Omit<FaultSpec, "service" | "method" | "path"> & { readonly name: string })[] = [
  { name: "500 before it took effect", when: "before", status: 500 },
  { name: "503 without Retry-After", when: "before", status: 503 },
  { name: "503 with Retry-After, for ever", when: "before", status: 503, headers: { "retry-after": "1" }, times: 0 },
  { name: "429 with Retry-After, once", when: "before", status: 429, headers: { "retry-after": "1" } },
  { name: "429 without Retry-After, for ever", when: "before", status: 429, times: 0 },
  { name: "the connection broken before", when: "before", reset: true },
  { name: "the answer lost after it took effect", when: "after", reset: true },
  { name: "500 after it took effect", when: "after", status: 500 },
  { name: "502 after it took effect, for ever", when: "after", status: 502, times: 0 },
  { name: "a truncated answer", when: "after", corrupt: "truncate" },
  { name: "HTML instead of JSON", when: "after", corrupt: "html" },
  { name: "garbage instead of JSON", when: "after", corrupt: "garbage" },
  { name: "a time-out after it took effect", when: "after", delayMs: 600_000 },
  { name: "400", when: "before", status: 400, body: { message: "no" } },
  { name: "401", when: "before", status: 401, body: { message: "Unauthorized" } },
  { name: "a redirect", when: "before", status: 302, headers: { location: "http://example.com/" } },
];
