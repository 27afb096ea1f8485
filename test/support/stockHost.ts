/**
 * The stock dynamic-provider host as a process of its own, spoken to by gRPC as the engine does: what a provider really meets.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { z } from "zod";

const resolve = createRequire(import.meta.url).resolve;

export type Properties = Record<string, unknown>;

export interface PartialFailure {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: readonly string[];
}

/** What a call was refused with: the message, and the partial failure where there was one. */
export class CallError extends Error {
  readonly partial: PartialFailure | undefined;
  constructor(message: string, partial: PartialFailure | undefined) {
    super(message);
    this.partial = partial;
  }
}

export interface StockHost {
  readonly process: ChildProcess;
  configure(config: Record<string, string>): Promise<void>;
  check(
    inputs: Properties,
    olds?: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes: "unknown" | "none" | "some"; replaces: string[] }>;
  create(inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  read(id: string, outputs: Properties): Promise<{ id: string; outputs: Properties; inputs: Properties | undefined }>;
  update(id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(id: string, outputs: Properties): Promise<void>;
  /** Ends the stand-in for the engine and the pipes to it, as `kill -9` of it would. */
  loseEngine(): void;
  stop(): Promise<void>;
}

const CHANGES = ["unknown", "none", "some"] as const;

/** @param environment beside the process's own */
export async function startStockHost(
  options: { readonly cwd?: string; readonly environment?: Record<string, string> } = {},
): Promise<StockHost> {
  const engine = await standInEngine();
  const script = resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
  const child = spawn(process.execPath, [script, engine.address], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.resume();
  const [port] = z.tuple([z.string()]).parse(await once(createInterface({ input: child.stdout }), "line"));
  const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());

  return {
    process: child,
    async configure(config) {
      const request = new provider.ConfigureRequest();
      request.setArgs(struct(config));
      await answered<unknown>((done) => client.configure(request, done));
    },
    async check(inputs, olds = {}) {
      const request = new provider.CheckRequest();
      request.setOlds(struct(olds));
      request.setNews(struct(inputs));
      const answer = await answered<provider.CheckResponse>((done) => client.check(request, done));
      const failures = answer.getFailuresList();
      return {
        inputs: properties(answer.getInputs()),
        failures: failures.map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
      };
    },
    async diff(id, olds, news) {
      const request = new provider.DiffRequest();
      request.setId(id);
      request.setOlds(struct(olds));
      request.setNews(struct(news));
      const answer = await answered<provider.DiffResponse>((done) => client.diff(request, done));
      return { changes: CHANGES[answer.getChanges()] ?? "unknown", replaces: answer.getReplacesList() };
    },
    async create(inputs) {
      const request = new provider.CreateRequest();
      request.setProperties(struct(inputs));
      const answer = await answered<provider.CreateResponse>((done) => client.create(request, done));
      return { id: answer.getId(), outputs: properties(answer.getProperties()) };
    },
    async read(id, outputs) {
      const request = new provider.ReadRequest();
      request.setId(id);
      request.setProperties(struct(outputs));
      const answer = await answered<provider.ReadResponse>((done) => client.read(request, done));
      const inputs = answer.getInputs();
      return {
        id: answer.getId(),
        outputs: properties(answer.getProperties()),
        inputs: inputs === undefined ? undefined : properties(inputs),
      };
    },
    async update(id, olds, news) {
      const request = new provider.UpdateRequest();
      request.setId(id);
      request.setOlds(struct(olds));
      request.setNews(struct(news));
      const answer = await answered<provider.UpdateResponse>((done) => client.update(request, done));
      return properties(answer.getProperties());
    },
    async delete(id, outputs) {
      const request = new provider.DeleteRequest();
      request.setId(id);
      request.setProperties(struct(outputs));
      await answered<unknown>((done) => client.delete(request, done));
    },
    loseEngine() {
      child.stdout.destroy();
      child.stderr.destroy();
      engine.stop();
    },
    async stop() {
      client.close();
      engine.stop();
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

const propertyBag = z.record(z.string(), z.unknown());

function struct(value: Properties): structs.Struct {
  return structs.Struct.fromJavaScript(z.record(z.string(), z.json()).parse(value));
}

function properties(bag: structs.Struct | undefined): Properties {
  return propertyBag.parse(bag?.toJavaScript() ?? {});
}

function answered<T>(send: (done: (error: ServiceError | null, answer: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    send((error, answer) => {
      if (error === null) resolve(answer);
      else reject(new CallError(error.details, partialOf(error)));
    });
  });
}

function partialOf(error: ServiceError): PartialFailure | undefined {
  const [details] = error.metadata.get("grpc-status-details-bin");
  if (!(details instanceof Uint8Array)) return undefined;
  const [packed] = status.Status.deserializeBinary(details).getDetailsList();
  const failed = packed?.unpack(
    provider.ErrorResourceInitFailed.deserializeBinary,
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (!failed) return undefined;
  return { id: failed.getId(), properties: properties(failed.getProperties()), reasons: failed.getReasonsList() };
}

/** Takes connections and says nothing: all that the host's watch looks at. */
async function standInEngine(): Promise<{ address: string; stop: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    address: `127.0.0.1:${port}`,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
