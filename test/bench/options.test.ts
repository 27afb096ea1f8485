import { expect, test } from "vitest";
import { readOptions, skipsCheckpoints } from "../../bench/options.mjs";

test("without arguments each resource is measured with few people and with more, and all that is measured besides", () => {
  const options = readOptions([]);
  expect(options).toMatchObject({
    resources: ["KeyriPublicKey", "KeylessUser", "HankoCredential"],
    users: [20, 100],
    wait: true,
  });
  expect(options).toMatchObject({ agent: 100, images: 20, registrations: 1_000 });
});

test("one resource alone leaves out what is measured of the others", () => {
  const options = readOptions(["--resource", "KeyriPublicKey", "--users", "5", "--users", "5", "--users", "7"]);
  expect(options).toMatchObject({ resources: ["KeyriPublicKey"], users: [5, 7] });
  expect(options).toMatchObject({ agent: undefined, images: undefined, registrations: undefined });
  const other = readOptions(["--resource", "HankoCredential"]);
  expect(other).toMatchObject({ agent: undefined, images: undefined, registrations: 1_000 });
});

test("each measure can be had alone", () => {
  const options = readOptions(["--no-users", "--no-wait", "--no-images", "--no-registrations", "--agent", "30"]);
  expect(options).toMatchObject({ users: [], wait: false, images: undefined, registrations: undefined, agent: 30 });
});

test("the state is written once for many people only, unless the command line says so", () => {
  expect(skipsCheckpoints(readOptions([]), 100)).toBe(false);
  expect(skipsCheckpoints(readOptions([]), 1_000)).toBe(true);
  expect(skipsCheckpoints(readOptions(["--no-skip-checkpoints"]), 1_000)).toBe(false);
});
