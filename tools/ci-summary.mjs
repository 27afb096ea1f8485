// Adds up what CI did and closes with one line, `N passed, N failed`. Reads a list of steps, one a line: exit status, the path of vitest's
// JSON report or `-`, and the step's name, separated by tabs. A step that failed without a failed test counts as one failure.
import { readFileSync } from "node:fs";

const [list] = process.argv.slice(2);
const steps = readFileSync(list, "utf8").trim().split("\n").map(readStep);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const step of steps) {
  const { passed, failed, skipped } = step.counts;
  const failures = failed === 0 && step.status !== 0 ? 1 : failed;
  total.passed += passed;
  total.failed += failures;
  total.skipped += skipped;
  const tests = step.report === "-" ? "" : `: ${passed} passed, ${failed} failed`;
  process.stdout.write(`${failures === 0 ? "ok    " : "FAILED"} ${step.name}${tests}\n`);
}
const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

function readStep(line) {
  const [status, report, name] = line.split("\t");
  return {
    status: Number(status),
    report,
    name,
    counts: report === "-" ? { passed: 0, failed: 0, skipped: 0 } : count(report),
  };
}

/** A file that fails to load has no tests, so it counts itself; a report that is missing or has no test is a failure too. */
function count(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { numPassedTests: passed, numFailedTests, numPendingTests: pending, numTodoTests: todo, testResults } = report;
  const isFailed = ({ status }) => status === "failed";
  const unloaded = testResults.filter((file) => isFailed(file) && !file.assertionResults.some(isFailed)).length;
  const none = passed + numFailedTests + unloaded === 0 ? 1 : 0;
  return { passed, failed: numFailedTests + unloaded + none, skipped: pending + todo };
}
