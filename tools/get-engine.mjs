// Has the Pulumi engine at hand before the tests begin, so that no test waits minutes for a build. Needs the built package.
const { findEngine } = await import("../dist/src/cli/engine/index.js");

try {
  await findEngine({ environment: process.env, report: (line) => process.stderr.write(`${line}\n`) });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
