/** The agent's wire: what is sent of a picture, what each status comes to, and that no state or body is ever shown. */
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "../../../providers/http/errors.js";
import { base64Body } from "../../../providers/keyless/base64.js";
import { API_KEY, HTML, refusalOf, reply, serve, truncated } from "./_service.js";

const IMAGE = Buffer.from("any picture's bytes \xff\xd8", "latin1");
const ENROLMENT = { image: IMAGE, mediaType: "image/jpeg", scenario: "SELFIE", name: "faces/ada.jpg" } as const;
const ENROLLED = { keylessId: "AB12", clientState: "client-canary", serverState: '{"server":"canary"}' };

function sourceOf(image: Buffer, chunkBytes: number) {
  const opened: Readable[] = [];
  const chunks: Buffer[] = [];
  for (let at = 0; at < image.length; at += chunkBytes) chunks.push(image.subarray(at, at + chunkBytes));
  const open = () => {
    const stream = Readable.from(chunks);
    opened.push(stream);
    return stream;
  };
  return { bytes: image.length, open, opened };
}

describe("an enrolment", () => {
  it("sends the picture with its type and scenario, and no key", async () => {
    const { agent, requests } = await serve(reply(200, ENROLLED));
    expect(await agent.enrolOffline(ENROLMENT)).toEqual(ENROLLED);
    const [sent] = requests;
    expect([sent?.method, sent?.url, sent?.body]).toEqual(["POST", "/v1/offline-enrollment", IMAGE]);
    expect(sent?.headers).toMatchObject({
      scenario: "SELFIE",
      "content-type": "image/jpeg",
      "content-length": String(IMAGE.length),
    });
    for (const absent of ["exif-transpose", "content-encoding", "transfer-encoding", "x-api-key", "kl-api-key"])
      expect(sent?.headers).not.toHaveProperty(absent);
  });

  it("sends a picture that is read as it goes, turned and as base64 where that is asked for", async () => {
    const { agent, requests } = await serve(reply(200, ENROLLED));
    const image = sourceOf(IMAGE, 4);
    await agent.enrolOnline({ ...ENROLMENT, image, exifTranspose: true, base64: true });
    await agent.enrolOnline({ ...ENROLMENT, base64: true });
    const encoded = IMAGE.toString("base64");
    expect(requests.map(({ url, body }) => [url, body.toString()])).toEqual([
      ["/v1/online-enrollment", encoded],
      ["/v1/online-enrollment", encoded],
    ]);
    expect(requests[0]?.headers).toMatchObject({
      "exif-transpose": "true",
      "content-encoding": "base64",
      "content-length": String(encoded.length),
    });
  });

  it("gives back no serverState where it was online, and the id in upper case where that is hex", async () => {
    const { agent } = await serve(reply(200, { ...ENROLLED, keylessId: "ab12ef" }));
    expect(await agent.enrolOnline(ENROLMENT)).toEqual({ keylessId: "AB12EF", clientState: "client-canary" });
  });

  it("takes an id that is no hex as it is, and states of any size", async () => {
    const clientState = "s".repeat(3 * 1024 * 1024);
    const { agent } = await serve(reply(200, { ...ENROLLED, keylessId: "user-ab", clientState }));
    const enrolled = await agent.enrolOffline(ENROLMENT);
    expect([enrolled.keylessId, enrolled.clientState.length]).toEqual(["user-ab", clientState.length]);
  });

  it("opens the picture anew where the agent is busy, and goes on", async () => {
    const busy = reply(429);
    const { agent, requests } = await serve((response, count) =>
      (count < 3 ? busy : reply(200, ENROLLED))(response, count),
    );
    const image = sourceOf(IMAGE, 7);
    await agent.enrolOnline({ ...ENROLMENT, image });
    expect(requests.map(({ body }) => body)).toEqual([IMAGE, IMAGE, IMAGE]);
    expect(image.opened).toHaveLength(3);
  });

  it("says that the agent is busy where that doesn't end, of which picture, and that nothing was registered", async () => {
    const { agent } = await serve(reply(429));
    const error = await refusalOf(agent.enrolOnline(ENROLMENT));
    expect(error.message).toContain("answered 429 to online enrolment of faces/ada.jpg");
    expect(error.message).toContain("keyless:agentConcurrency");
    expect(outcomeOf(error)).toBe("not-processed");
  });
});

describe("a picture that the agent doesn't take", () => {
  const filtered = { title: "Filter Triggered", statusCode: 422, detail: "no face found" };

  it.each(["enrolOffline", "enrolOnline"] as const)(
    "is refused with the agent's reason and the file's name: %s",
    async (enrol) => {
      const { agent, requests } = await serve(reply(422, filtered));
      const error = await refusalOf(agent[enrol](ENROLMENT));
      expect(error.code).toBe("ERR_AUTHN_FACE_REFUSED");
      expect(error.message).toContain("refused the face in faces/ada.jpg: Filter Triggered: no face found");
      expect(error.message).toContain("Give another portrait: one face, sharp and well lit");
      expect(outcomeOf(error)).toBe("refused");
      expect(requests).toHaveLength(1);
    },
  );

  it("is refused without secrets, control characters or an end: of the reason or the name", async () => {
    const detail = `\u001b[31m\n${API_KEY} ${"x".repeat(5_000)}`;
    const { agent } = await serve(reply(422, { ...filtered, detail }));
    const { message } = await refusalOf(agent.enrolOffline({ ...ENROLMENT, name: "faces/\u001b.jpg" }));
    expect(message).toContain("Filter Triggered: \\x1b[31m");
    expect(message).toContain("faces/\\x1b.jpg");
    expect(message).not.toContain(API_KEY);
    expect(message.length).toBeLessThan(500);
  });

  it.each<[string, unknown, string]>([
    ["without a detail", { title: "Filter Triggered" }, "faces/ada.jpg: Filter Triggered ("],
    ["with a list of details", { detail: [{ msg: "field required" }] }, 'faces/ada.jpg: {"detail":[{"msg"'],
    ["without a word", "", "faces/ada.jpg (request id"],
    ["with JSON that is no object", "null", "faces/ada.jpg: null"],
    ["with HTML", HTML, "faces/ada.jpg: <!doctype html>"],
  ])("is refused %s", async (_, body, expected) => {
    const { agent } = await serve(reply(422, body));
    expect((await refusalOf(agent.enrolOffline(ENROLMENT))).message).toContain(expected);
  });

  it("is named where the agent can't read it", async () => {
    const { agent } = await serve(reply(400, "unsupported image"));
    const error = await refusalOf(agent.enrolOffline(ENROLMENT));
    expect(error.code).toBe("ERR_AUTHN_FACE_REFUSED");
    expect(error.message).toContain("can't read the picture faces/ada.jpg: unsupported image");
  });
});

describe("an agent that isn't as it should be", () => {
  it("is named where it isn't configured for online enrolment", async () => {
    const { agent } = await serve(reply(409, "not configured for online enrollment"));
    const error = await refusalOf(agent.enrolOnline(ENROLMENT));
    expect(error.code).toBe("ERR_AUTHN_CONFIGURATION");
    expect(error.message).toContain("not configured for online enrolment");
  });

  it("may be an old one that fails at a picture, which says so; that leaves open what happened", async () => {
    const { agent, requests } = await serve(reply(500, "boom"));
    const error = await refusalOf(agent.enrolOnline(ENROLMENT));
    expect(error.message).toMatch(/answered 500 to online enrolment of faces\/ada\.jpg: boom[\s\S]*before 3\.4/);
    expect(outcomeOf(error)).toBe("unknown");
    expect(requests).toHaveLength(1);
  });

  it("is asked again after a lost answer offline, where nothing is registered; never online", async () => {
    const { agent, requests } = await serve((response) => void response.socket?.destroy());
    expect(outcomeOf(await refusalOf(agent.enrolOffline(ENROLMENT)))).toBe("unknown");
    const offline = requests.length;
    await refusalOf(agent.enrolOnline(ENROLMENT));
    expect([offline > 1, requests.length - offline]).toEqual([true, 1]);
  });

  it.each<[string, unknown]>([
    ["HTML", HTML],
    ["nothing", ""],
    ["a list", [ENROLLED]],
    ["an id that is a number", { ...ENROLLED, keylessId: 12 }],
    ["an empty id", { ...ENROLLED, keylessId: "" }],
    ["an id with a space", { ...ENROLLED, keylessId: "a b" }],
    ["an id that no path can hold", { ...ENROLLED, keylessId: ".." }],
    ["an id without end", { ...ENROLLED, keylessId: "a".repeat(513) }],
    ["no clientState", { ...ENROLLED, clientState: undefined }],
    ["an empty clientState", { ...ENROLLED, clientState: "" }],
    ["a clientState that has no UTF-8 form", { ...ENROLLED, clientState: "canary\ud800" }],
    ["a serverState that is an object", { ...ENROLLED, serverState: { server: "canary" } }],
  ])("is told where it answers %s, and the answer isn't shown", async (_, body) => {
    const { agent } = await serve(reply(200, body));
    const error = await refusalOf(agent.enrolOffline(ENROLMENT));
    expect(error.code).toBe("ERR_AUTHN_HTTP_UNKNOWN_OUTCOME");
    expect(error.message).toContain("offline enrolment of faces/ada.jpg");
    expect(error.message).not.toContain("canary");
  });

  it("is told where its answer breaks off", async () => {
    const { agent } = await serve(truncated);
    expect((await refusalOf(agent.enrolOnline(ENROLMENT))).message).toContain("broke before the whole body came");
  });

  it("tells its health, or that it isn't an agent", async () => {
    const well = await serve(reply(200, { version: "3.4.1", status: "ok", more: 1 }));
    expect(await well.agent.health()).toEqual({ version: "3.4.1", status: "ok" });
    expect(well.requests[0]).toMatchObject({ method: "GET", url: "/health-check" });
    const page = await serve(reply(200, HTML));
    expect((await refusalOf(page.agent.health())).message).toContain("HTML instead of JSON");
    for (const status of [401, 404]) {
      const other = await serve(reply(status));
      expect((await refusalOf(other.agent.health())).message).toContain("Check keyless:agentUrl");
    }
  });
});

describe("a picture as base64", () => {
  it("is the same text however it comes in chunks, and as long as was said", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        async (bytes, chunkBytes) => {
          const image = Buffer.from(bytes);
          const body = base64Body(sourceOf(image, chunkBytes));
          if (Buffer.isBuffer(body)) throw new TypeError("a source stays a source");
          const encoded = Buffer.concat(await body.open().toArray()).toString();
          expect(encoded).toBe(image.toString("base64"));
          expect(encoded).toHaveLength(body.bytes);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("fails where the picture can't be read, and lets go of it where nobody reads on", async () => {
    const broken = base64Body({
      bytes: 9,
      open: () =>
        new Readable({
          read() {
            this.destroy(new Error("disk gone"));
          },
        }),
    });
    const image = sourceOf(IMAGE, 1);
    const left = base64Body(image);
    if (Buffer.isBuffer(broken) || Buffer.isBuffer(left)) throw new TypeError("a source stays a source");
    await expect(broken.open().toArray()).rejects.toThrow("disk gone");
    const stream = left.open();
    const [source] = image.opened;
    const closed = new Promise((resolve) => source?.on("close", resolve));
    stream.destroy();
    await closed;
    expect(source?.destroyed).toBe(true);
  });
});
