/** An authserver of the test's own on loopback: it answers what it is told to, and keeps what it was sent. Read from contracts/baikal.md. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { exportJWK, SignJWT } from "jose";
import { onTestFinished } from "vitest";
import { closeAllPools } from "../../../providers/http/client.js";
import { CERTIFICATE, PRIVATE_KEY } from "../http/certificate.js";
import { portOf } from "../http/service.js";

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly body: string;
  readonly form: URLSearchParams;
}

export interface Reply {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const P256 = generateKeyPairSync("ec", { namedCurve: "P-256" });

export const CLIENT = { clientId: "billing-id", clientSecret: "client secret-canary/+%" };
export const ISSUER = "https://billing.example/";
export const TOKEN_ANSWER = { access_token: "t", token_type: "Bearer", expires_in: 3599, scope: "a b", purpose: "" };

export async function jwkOf(key: KeyObject, members: Readonly<Record<string, string>> = {}) {
  return { ...(await exportJWK(key)), ...members };
}

export interface Authserver {
  /** Without a trailing slash; discovery's issuer has one. */
  readonly endpoint: string;
  readonly issuer: string;
  readonly requests: readonly Sent[];
  /** Those to one path. */
  sent(path: string): readonly Sent[];
  /** What a path answers from now on; "drop": nothing, the connection breaks. */
  readonly replies: Map<string, Reply | "drop" | ((sent: Sent) => Reply | Promise<Reply>)>;
}

/** Serves until the test ends; discovery and an RS256 key are there from the start. */
export async function authserver({ tls = false, host = "127.0.0.1" } = {}): Promise<Authserver> {
  const requests: Sent[] = [];
  const replies: Authserver["replies"] = new Map();
  const server = tls ? createTlsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }) : createServer();
  server.on("request", (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const { method = "", url: path = "", headers } = request;
      const sent = { method, path, headers, body, form: new URLSearchParams(body) };
      requests.push(sent);
      const found = replies.get(path) ?? { status: 404, body: "no such path" };
      if (found === "drop") return void request.socket.resetAndDestroy();
      void Promise.resolve(typeof found === "function" ? found(sent) : found).then((reply) => {
        const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
        const type = typeof reply.body === "string" ? "text/plain" : "application/json";
        response.writeHead(reply.status ?? 200, { "content-type": type, ...reply.headers }).end(text);
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await closeAllPools();
  });
  const endpoint = `${tls ? "https" : "http"}://${host}:${portOf(server.address())}`;
  const issuer = `${endpoint}/`;
  replies.set("/.well-known/openid-configuration", {
    body: {
      issuer,
      token_endpoint: `${endpoint}/oauth/token`,
      authorization_endpoint: `${endpoint}/authorize`,
      jwks_uri: `${endpoint}/keys.json?of=server`,
      introspection_endpoint: `${endpoint}/introspect`,
      introspection_endpoint_auth_methods_supported: ["client_secret_basic"],
    },
  });
  replies.set("/keys.json?of=server", { body: { keys: [await jwkOf(RSA.publicKey, { kid: "rsa", alg: "RS256" })] } });
  replies.set("/oauth/token", { body: TOKEN_ANSWER });
  return { endpoint, issuer, requests, replies, sent: (path) => requests.filter((one) => one.path === path) };
}

export interface Made {
  readonly kid?: string | undefined;
  readonly alg?: string;
  readonly key?: KeyObject | Uint8Array;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** An access token of that server, sound but for what is said. */
export function accessToken(issuer: string, nowMs: number, made: Made = {}): Promise<string> {
  const { alg = "RS256", key = RSA.privateKey, claims = {} } = made;
  const kid = "kid" in made ? made.kid : "rsa";
  const issuedAt = Math.floor(nowMs / 1000);
  const sound = {
    ...{ sub: "ada", iss: issuer, aud: "https://api.example/", client_id: CLIENT.clientId, active: true },
    ...{ scope: "read write", purpose: "billing", iat: issuedAt, exp: issuedAt + 3599, jti: "1" },
  };
  const header = { alg, typ: "JWT", ...(kid === undefined ? {} : { kid }) };
  return new SignJWT({ ...sound, ...claims }).setProtectedHeader(header).sign(key);
}

/** What a promise comes to as an error. */
export async function refusalOf(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new TypeError("something else than an error was thrown");
  return error;
}
