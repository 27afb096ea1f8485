/** When a rotation runs and for how long: EventBridge Scheduler's and CodeBuild's own bounds. */
import { z } from "zod";
import { duration, durationMs } from "../../providers/baikal/ring/duration.js";

const RATE = /^rate\([1-9]\d{0,4} (minute|hour|day)s?\)$/;
/** Minutes, hours, day of the month, month, day of the week, year: of the two days one is `?`. */
const CRON = /^cron\(\S+ \S+ (\? \S+ \S+|\S+ \S+ \?) \S+\)$/;

export const scheduleExpression = z
  .string()
  .refine(
    (text) => RATE.test(text) || CRON.test(text),
    'must be "rate(1 hour)" or AWS\'s cron with six fields, one of the two days a ?: "cron(5 * * * ? *)"',
  );

/** A name of the IANA time zone database. */
export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone: "Europe/Vienna"');

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A span -> whole minutes, within what CodeBuild takes for a build and for its place in the queue. */
export const buildMinutes = duration
  .transform((text) => durationMs(text) / 60_000)
  .refine((minutes) => Number.isInteger(minutes) && minutes >= 5 && minutes <= 480, "must be whole minutes, 5m to 8h");

/** A span -> seconds, within what EventBridge Scheduler takes as an event's greatest age. */
export const retrySeconds = duration
  .transform((text) => durationMs(text) / 1_000)
  .refine((seconds) => seconds >= 60 && seconds <= 86_400, "must be 1m to 1d");

export const retryAttempts = z.int("must be a whole number").min(0, "must be 0 to 185").max(185, "must be 0 to 185");

/** What CloudWatch Logs takes, in days. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
export const logRetention = z
  .number()
  .refine((days) => RETENTIONS.includes(days), `must be one of ${RETENTIONS.join(", ")} days`);

const PART = "[\\w.-]+";
export const stackName = z
  .string()
  .regex(
    new RegExp(`^${PART}(/${PART}){0,2}$`),
    "must be a stack, or organization/stack, or organization/project/stack",
  );
export const directory = z
  .string()
  .regex(/^(?!-)[\w.-]+(\/[\w.-]+)*$/, "must be a folder of the source, without a leading slash");
export const pulumiVersion = z.string().regex(/^\d+\.\d+\.\d+$/, 'must be an exact version: "3.248.0"');
