import { describe, expect, test } from "vitest";
import { checkConfiguration, needsSystems } from "../../src/cli/faults.js";

const check = (
  values: Readonly<Record<string, string>>,
  { environment = {}, secret = [], needed = true }: Given = {},
): readonly string[] => checkConfiguration({ values, secretKeys: new Set(secret) }, environment, needed);

interface Given {
  readonly environment?: NodeJS.ProcessEnv;
  readonly secret?: readonly string[];
  readonly needed?: boolean;
}
const embedded = { "authn:tenant": "embedded" };

describe("without an embedded tenant", () => {
  test("where nothing is configured, one line says which addresses there are and what comes without any", () => {
    const faults = check({});
    expect(faults).toEqual([
      expect.stringMatching(/^no service is configured: .*keyri:url; keyless:agentUrl, .*hanko:url/),
    ]);
    expect(faults.join()).toContain("pulumi config set authn:tenant embedded");
  });

  test("a stack of rings alone needs no address: an issuer shows that Baikal is used, and nothing of it is missing", () => {
    expect(check({ "baikal:issuer": "https://billing.example/" })).toEqual([]);
    expect(check({}, { environment: { BAIKAL_ENDPOINT: "http://127.0.0.1:1" } })).toEqual([]);
    expect(check({}, { secret: ["baikal:publishToken"] })).toEqual([]);
    expect(check({}, { environment: { BAIKAL_CLIENT_ID: "billing" } })).toHaveLength(1);
    expect(check({}).join()).toContain("baikal:endpoint, baikal:publishUrl, baikal:issuer");
  });

  test("Baikal's addresses are guarded, and what is wrong with its client is said", () => {
    const faults = check({ "baikal:publishUrl": "https://keys.example.com", "baikal:clientId": "a:b" });
    expect(faults).toContainEqual(expect.stringContaining("authn:allowedHosts"));
    expect(faults).toContainEqual("baikal:clientId must not hold a colon");
  });

  test("what a configured service lacks is missing, with the command and the variable that set it", () => {
    expect(check({ "keyri:loginFormat": "fields" })).toEqual([
      expect.stringMatching(/^keyri:url is missing: pulumi config set .* KEYRI_URL$/),
    ]);
    const faults = check({}, { environment: { KEYLESS_AGENT_URL: "http://127.0.0.1:1" } });
    expect(faults).toContainEqual(expect.stringMatching(/^keyless:apiKey is missing: pulumi config set --secret /));
    expect(faults.join()).not.toContain("keyless:agentUrl");
  });

  test("what Hanko lacks is that of the API's generation that was chosen", () => {
    const missing = (api: string) =>
      check({ "hanko:api": api, "hanko:url": "http://127.0.0.1:1" }).map((fault) => fault.replace(/ is missing.*/, ""));
    expect(missing("passkey").sort()).toEqual(["hanko:apiKey", "hanko:origin", "hanko:rpId", "hanko:tenantId"]);
    expect(missing("authentication").sort()).toEqual(["hanko:apiSecret", "hanko:origin", "hanko:rpId"]);
  });

  test("a stack that uses one service is asked nothing of the other, whatever lies about in the environment", () => {
    const keyri = { "keyri:url": "http://127.0.0.1:1" };
    expect(check(keyri, { environment: { KEYLESS_API_KEY: "key", HANKO_API_KEY: "key" } })).toEqual([]);
    const services = ["agentUrl", "operationsUrl", "authenticationUrl"].map((key) => [
      `keyless:${key}`,
      "http://127.0.0.1:1",
    ]);
    const keyless = { ...Object.fromEntries(services), "keyless:customer": "acme", "keyless:apiKey": "key" };
    expect(check(keyless, { environment: { KEYRI_TOKEN: "token" } })).toEqual([]);
    const hanko = {
      "hanko:api": "authentication",
      "hanko:url": "http://127.0.0.1:1",
      "hanko:apiSecret": "secret",
      "hanko:rpId": "localhost",
      "hanko:origin": "http://localhost:1",
    };
    expect(check(hanko, { environment: { KEYRI_TOKEN: "token", KEYLESS_API_KEY: "key" } })).toEqual([]);
  });

  test("the environment's address, and one that only the engine can read, are as good as the configuration's", () => {
    expect(check({}, { environment: { KEYRI_URL: "http://127.0.0.1:1" } })).toEqual([]);
    expect(check({}, { secret: ["keyri:url"] })).toEqual([]);
  });

  test("a stack that holds nothing is destroyed without any service, yet what is set must be right", () => {
    expect(check({}, { needed: false })).toEqual([]);
    expect(check({ "keyri:url": "nowhere" }, { needed: false })).toContainEqual(expect.stringContaining("keyri:url"));
  });
});

describe("with the embedded tenant", () => {
  test("nothing else is needed", () => expect(check(embedded)).toEqual([]));

  test("a refused host and faulty paths of the stack's own are found before anything starts", () => {
    const faults = check({ ...embedded, "keyri:url": "https://api.example.com", "keyri:paths": '{"login":"no"}' });
    expect(faults).toContainEqual(expect.stringContaining("authn:allowedHosts"));
    expect(faults).toContainEqual(expect.stringContaining("keyri:paths.login"));
    expect(check({ ...embedded, "keyri:paths": "{" })).toEqual(["keyri:paths must be JSON"]);
  });

  test("an address of the environment counts for nothing, since the tenant's own stands over it", () => {
    expect(check(embedded, { environment: { KEYRI_URL: "https://api.example.com" } })).toEqual([]);
    expect(check(embedded, { environment: { KEYRI_LOGIN_FORMAT: "x" } })).toHaveLength(1);
  });
});

test("only the destroy of a stack that is known to be empty needs no service", () => {
  const state = (nothing: boolean) => ({ exists: true, holds: { nothing, declared: [] } });
  expect(needsSystems("destroy", state(true))).toBe(false);
  expect(needsSystems("destroy", state(false))).toBe(true);
  expect(needsSystems("destroy", { exists: undefined, holds: undefined })).toBe(true);
  expect(needsSystems("up", state(true))).toBe(true);
});
