import fc from "fast-check";
import { expect, test } from "vitest";
import { type Exchange, meets } from "../../../emulator/faults/match.js";
import { serviceNames } from "../../../emulator/slots.js";

const service = fc.constantFrom(...serviceNames);
const method = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE");
const path = fc.array(fc.stringMatching(/^[a-z%-]{0,5}$/), { maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
const exchange = fc.record<Exchange>({ service, method, path });

test("a condition that names nothing meets every request", () => {
  fc.assert(fc.property(exchange, (request) => meets({}, request)));
});

test("a condition drawn from a request meets it, whichever parts it names", () => {
  const parts = fc.record({ service: fc.boolean(), method: fc.boolean(), path: fc.boolean() });
  fc.assert(
    fc.property(exchange, parts, (request, named) =>
      meets(
        {
          service: named.service ? request.service : undefined,
          method: named.method ? request.method : undefined,
          path: named.path ? request.path : undefined,
        },
        request,
      ),
    ),
  );
});

test("a condition that differs in one part doesn't meet the request", () => {
  const part = fc.constantFrom("service", "method", "path") satisfies fc.Arbitrary<keyof Exchange>;
  fc.assert(
    fc.property(exchange, exchange, part, (request, other, differing) => {
      fc.pre(request[differing] !== other[differing]);
      return !meets({ ...request, [differing]: other[differing] }, request);
    }),
  );
});

test("a star meets exactly the paths that begin with what stands before it", () => {
  fc.assert(
    fc.property(exchange, path, fc.nat(), (request, stem, cut) => {
      const prefix = stem.slice(0, 1 + (cut % stem.length));
      expect(meets({ path: `${prefix}*` }, request)).toBe(request.path.startsWith(prefix));
      expect(meets({ path: `${request.path}*` }, { ...request, path: request.path + stem })).toBe(true);
    }),
  );
});

test("without a star, a path's beginning is not the path", () => {
  fc.assert(
    fc.property(
      exchange,
      path,
      (request, more) => !meets({ path: request.path }, { ...request, path: request.path + more }),
    ),
  );
});

test("a star in the middle stands for whatever is between its two sides", () => {
  fc.assert(
    fc.property(exchange, path, path, (request, before, after) => {
      const meetsPath = (actual: string) => meets({ path: `${before}*${after}` }, { ...request, path: actual });
      expect(meetsPath(before + after)).toBe(true);
      expect(meetsPath(before + request.path + after)).toBe(true);
    }),
  );
});

test("the two sides of a star don't share a character", () => {
  const request: Exchange = { service: "keyri", method: "GET", path: "/abc" };
  expect(meets({ path: "/ab*bc" }, request)).toBe(false);
  expect(meets({ path: "/ab*bc" }, { ...request, path: "/abbc" })).toBe(true);
});
