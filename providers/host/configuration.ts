/**
 * Configuration as the provider process sees it: the stack's (or the explicit instance's), then the embedded tenant's record,
 * then environment variables, the first that has a key wins. Every fault is collected and named by its key (design: "Configuration").
 */
import { type ZodType, z } from "zod";
import { guardHost } from "../http/guard.js";
import { seed } from "./derivation.js";
import { environmentName } from "./environmentName.js";

/** Reads `namespace:key`; undefined where it is not set. */
export type ReadConfiguration = (key: string) => string | undefined;

/** One system's part of the configuration: which keys it reads, and what they mean. */
export interface ConfigurationSection<Settings> {
  readonly namespace: string;
  /** Every key that is read. */
  readonly keys: readonly string[];
  /** The keys that hold JSON. */
  readonly json: readonly string[];
  /** The keys that hold addresses: each is guarded before any request. */
  readonly urls: readonly string[];
  readonly secrets: readonly string[];
  readonly schema: ZodType<Settings>;
  /** Its entry in the embedded tenant's record, by the names of its keys; absent: the entry has them already. */
  ofTenant?(entry: Readonly<Record<string, unknown>>, configured: ReadConfiguration): Readonly<Record<string, unknown>>;
  /** The address that stands for the service in derivations. */
  serviceUrl(settings: Settings): string;
}

export interface ConfigurationFault {
  /** `keyri:url` */
  readonly property: string;
  readonly reason: string;
}
export type Parsed<T> =
  | { readonly settings: T; readonly faults: readonly [] }
  | { readonly settings: undefined; readonly faults: readonly ConfigurationFault[] };

// `pulumi config set --path` stores JSON; people also write "a.example.com, b.example.com".
const hostList = z.string().transform((text, context) => {
  if (!text.trimStart().startsWith("[")) {
    return text
      .split(",")
      .map((host) => host.trim())
      .filter((host) => host !== "");
  }
  const parsed = z.array(z.string().min(1)).safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue({
    code: "custom",
    message: "must be a list of hosts: pulumi config set --path 'authn:allowedHosts[0]' api.example.com",
  });
  return z.NEVER;
});
const authnSchema = z.object({
  tenant: z.literal("embedded", 'can only be "embedded"').optional(),
  seed: seed.optional(),
  /** A folder, relative to the project's, or "off". */
  ledger: z.string().optional(),
  allowedHosts: hostList.default([]),
  maxRequestsPerSecond: z.coerce
    .number("must be a number")
    .min(0.1, "must be 0.1 (one in ten seconds) or more")
    .max(100_000, "must be at most 100000")
    .optional(),
  timeoutMs: z.coerce
    .number("must be a number of milliseconds")
    .int("must be whole milliseconds")
    .min(1, "must be 1 or more")
    .max(3_600_000, "must be at most 3600000 (an hour)")
    .default(30_000),
});
export type AuthnSettings = z.infer<typeof authnSchema>;

/** The settings that all systems share. */
export const authnSection: ConfigurationSection<AuthnSettings> = {
  namespace: "authn",
  keys: ["tenant", "seed", "ledger", "allowedHosts", "maxRequestsPerSecond", "timeoutMs"],
  json: [],
  urls: [],
  secrets: ["seed"],
  schema: authnSchema,
  serviceUrl: () => "",
};

/** The configuration, then what stands in for it: the first layer that has the key wins. An empty variable counts as unset. */
export function layered(...layers: readonly ReadConfiguration[]): ReadConfiguration {
  return (key) => {
    for (const read of layers) {
      const value = read(key);
      if (value !== undefined && value !== "") return value;
    }
    return undefined;
  };
}

export function environmentLayer(environment: Readonly<Record<string, string | undefined>>): ReadConfiguration {
  return (key) => {
    const [namespace = "", name = ""] = key.split(":");
    return environment[environmentName(namespace, name)];
  };
}

/** Reads and checks one section; never throws, and never shows a value of a secret key. */
export function parseSection<Settings>(
  section: ConfigurationSection<Settings>,
  read: ReadConfiguration,
): Parsed<Settings> {
  const faults: ConfigurationFault[] = [];
  const raw: Record<string, unknown> = {};
  for (const key of section.keys) {
    const text = read(`${section.namespace}:${key}`);
    if (text === undefined) continue;
    const value = section.json.includes(key) ? parseJson(text) : text;
    if (value === undefined) faults.push({ property: `${section.namespace}:${key}`, reason: "must be JSON" });
    else raw[key] = value;
  }
  const parsed = section.schema.safeParse(raw);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const [key = "", ...rest] = issue.path.map(String);
      const property = [`${section.namespace}:${key}`, ...rest].join(".");
      const missing = raw[key] === undefined && rest.length === 0;
      faults.push({ property, reason: missing ? missingReason(section, key) : issue.message });
    }
  }
  return parsed.success && faults.length === 0
    ? { settings: parsed.data, faults: [] }
    : { settings: undefined, faults };
}

/** The addresses of a section that the host guard refuses, each with the line to add. */
export function guardFaults<Settings>(
  section: ConfigurationSection<Settings>,
  read: ReadConfiguration,
  allowedHosts: readonly string[],
): readonly ConfigurationFault[] {
  return section.urls.flatMap((key) => {
    const property = `${section.namespace}:${key}`;
    const url = read(property);
    if (url === undefined) return [];
    const verdict = guardHost(url, allowedHosts, property);
    if (verdict.allowed) return [];
    // The guard names the property itself; so does whoever lists the faults.
    const reason = (verdict.reason ?? "is refused").replace(`${property} `, "");
    return [{ property, reason: `${reason}. ${verdict.remedy ?? ""}` }];
  });
}

function missingReason<Settings>(section: ConfigurationSection<Settings>, key: string): string {
  const secret = section.secrets.includes(key) ? "--secret " : "";
  const name = `${section.namespace}:${key}`;
  return `is missing: pulumi config set ${secret}${name} …, or the environment variable ${environmentName(section.namespace, key)}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
