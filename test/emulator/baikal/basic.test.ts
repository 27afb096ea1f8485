import fc from "fast-check";
import { expect, test } from "vitest";
import { formEncodedBasic } from "../../../emulator/baikal/basic.js";
import { basic } from "./_setup.js";

const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const id = fc.string({ unit: visible.filter((character) => character !== ":"), minLength: 1 });
const secret = fc.string({ unit: fc.oneof(visible, fc.constant(" ")), minLength: 1 });

test("whoever decodes the form encoding of RFC 6749 finds the raw id and secret", () => {
  fc.assert(
    fc.property(id, secret, (clientId, clientSecret) => {
      const encoded = formEncodedBasic(basic(clientId, clientSecret)) ?? "";
      const pair = Buffer.from(encoded.replace("Basic ", ""), "base64").toString().split(":");
      expect(pair.map((part) => decodeURIComponent(part.replaceAll("+", "%20")))).toEqual([clientId, clientSecret]);
    }),
  );
});
