/** A ring as `pulumi up` drives it, on a folder and an HTTP store of the test's own, by a clock that the test holds. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baikalClientKeysLifecycle } from "../../../../providers/baikal/lifecycle.js";
import { baikalClientKeysState } from "../../../../providers/baikal/state.js";
import { adapt } from "../../../../providers/host/adapter.js";
import { EngineModel } from "../../../support/engineModel.js";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse("2026-01-05T00:00:00Z");

export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), "ring-"));
  nowMs = START_MS;
  readonly warnings: string[] = [];
  readonly told: string[] = [];

  /** An engine with a state of its own, and a provider process of its own. */
  engine(configuration: Readonly<Record<string, string>> = {}): EngineModel {
    const provider = adapt(baikalClientKeysLifecycle, {
      environment: {},
      workingDirectory: this.folder,
      enter: () => () => undefined,
      operation: { id: randomUUID(), pid: 0 },
      ledgers: new Map(),
      dependencies: {
        clock: { now: () => this.nowMs, sleep: () => Promise.resolve() },
        random: { uuid: () => randomUUID(), fraction: () => 0.5, bytes: (length) => randomBytes(length) },
        warn: (line) => void this.warnings.push(line),
        tell: (line) => void this.told.push(line),
        stopped: () => false,
      },
    });
    void provider.configure({ config: { get: (key) => configuration[key] } });
    return new EngineModel(provider);
  }

  read(file = "jwks.json"): { readonly keys: readonly Readonly<Record<string, string>>[]; readonly ring?: string } {
    return JSON.parse(readFileSync(join(this.folder, file), "utf8"));
  }

  write(document: unknown, file = "jwks.json"): void {
    writeFileSync(join(this.folder, file), typeof document === "string" ? document : JSON.stringify(document));
  }

  remove(file = "jwks.json"): void {
    rmSync(join(this.folder, file), { force: true });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const owner = { project: "project", stack: "stack", type: "BaikalClientKeys", name: "billing" };
export const declared = { algorithm: "ES256", period: "7d", publish: { file: "jwks.json" }, owner };

export const stateOf = (engine: EngineModel) => baikalClientKeysState.parse(engine.kept?.outputs);
export const kidOf = (engine: EngineModel, state: "active" | "prepared" | "retiring") =>
  stateOf(engine).keys.find((key) => key.state === state)?.kid ?? "";

export interface StoreRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/** A store that takes PUT: with entity tags, weak ones, or showing nothing to those who write. */
export class Store {
  readonly #server: Server;
  readonly requests: StoreRequest[] = [];
  text: string | undefined;
  /** What it answers, beside what it ought to. */
  weak = false;
  hidden = false;
  /** Runs before a PUT is judged. */
  beforePut: () => void = () => undefined;
  /** The answer to the next PUT is lost, though it took effect. */
  losesAnswer = false;
  nowMs: (() => number) | undefined;
  #version = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      const { method = "", headers } = request;
      this.requests.push({ method, headers });
      let body = "";
      request.on("data", (chunk) => {
        body += String(chunk);
      });
      request.on("end", () => {
        if (this.nowMs !== undefined) response.setHeader("date", new Date(this.nowMs()).toUTCString());
        else response.sendDate = false;
        if (method === "GET") {
          const isPublic = headers["x-key"] === undefined;
          if (this.hidden && !isPublic) return response.writeHead(403).end();
          if (this.text === undefined) return response.writeHead(404).end();
          return response.writeHead(200, { etag: this.#tag(), "content-type": "application/json" }).end(this.text);
        }
        if (method === "DELETE") {
          this.text = undefined;
          return response.writeHead(204).end();
        }
        this.beforePut();
        const isMatched =
          (headers["if-match"] === undefined || (this.text !== undefined && headers["if-match"] === this.#tag())) &&
          (headers["if-none-match"] === undefined || this.text === undefined);
        if (!isMatched) return response.writeHead(412).end();
        this.put(body);
        if (this.losesAnswer) {
          this.losesAnswer = false;
          return request.socket.destroy();
        }
        return response.writeHead(201).end();
      });
    });
  }

  static async open(): Promise<Store> {
    const store = new Store();
    await new Promise<void>((listening) => store.#server.listen(0, "127.0.0.1", listening));
    return store;
  }

  put(text: string): void {
    this.text = text;
    this.#version += 1;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jwks.json`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  #tag(): string {
    return `${this.weak ? "W/" : ""}"${this.#version}"`;
  }
}
