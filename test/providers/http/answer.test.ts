import { describe, expect, it } from "vitest";
import { z } from "zod";
import { answer, client, failureOf, GET, POST, serve } from "./service.js";

const schema = z.object({ keys: z.array(z.object({ pubKey: z.string() })) });
const read = async (body: string | Buffer, contentType = "application/json", call = POST) => {
  const service = await serve((_, response) => response.writeHead(200, { "content-type": contentType }).end(body));
  return (await client(service.url).call(call)).json(schema);
};

describe("an answer's JSON", () => {
  it("is what the schema says", async () => {
    expect(await read('\ufeff{"keys":[{"pubKey":"MFk","more":1}]}')).toEqual({ keys: [{ pubKey: "MFk" }] });
  });

  it.each([
    ["HTML by its type", "<p>Sign in</p>", "text/html; charset=utf-8", "with HTML instead of JSON"],
    ["HTML by its text", "<!DOCTYPE html><p>Sign in</p>", "application/json", "with HTML instead of JSON"],
    ["cut off", '{"keys":[{"pubKey":"MFk', "application/json", "with JSON that is cut off"],
    ["empty", " ", "application/json", "with an empty body"],
    ["something else", "OK", "text/plain", "with a body that is not JSON"],
    ["no UTF-8", Buffer.from([0x22, 0xff, 0x22]), "application/json", "with a body that is not UTF-8"],
  ])("is refused where the body is %s", async (_, body, type, said) => {
    const error = await failureOf(read(body, type));
    expect(error.message).toContain(`Keyri answered 200 to register, but ${said}`);
    expect(error.outcome).toBe("unknown");
  });

  it("of another shape is told by its paths, never by its values", async () => {
    const secret = "a-new-secret-that-nobody-knows-yet";
    const error = await failureOf(read(JSON.stringify({ keys: [{ pubKey: 7 }, { publicKey: secret }, secret] })));
    expect(error.message).toContain("keys[0].pubKey: Invalid input: expected string, received number");
    expect(error.message).toContain("keys[1].pubKey");
    expect(error.message).not.toContain(secret);
  });

  it("is never shown where it can't be read", async () => {
    expect((await failureOf(read('{"token":"fresh-secret'))).message).not.toContain("fresh-secret");
  });

  it("that is unreadable in a refusal is still a refusal", async () => {
    const service = await serve(answer(404, "<html>"));
    const got = await client(service.url).call({ ...GET, answers: [200, 404] });
    expect(() => got.json(schema)).toThrow(expect.objectContaining({ outcome: "refused" }));
  });
});
