/**
 * The record of a tenant that this process runs, for as long as it stands, with the clock that the tenant shows. Written in the
 * very call that tells of a change: whoever moved the clock and was answered finds it in the record.
 */
import type { ClockReading } from "../../../emulator/testing.js";
import { removeTenantRecord, type TenantRecord, writeTenantRecord } from "./record.js";

export interface StandingRecord {
  /** For `startTenant`, which tells at the start too. */
  readonly clockChanged: (reading: ClockReading) => void;
  /** How far the tenant's clock is from real time, in milliseconds. */
  clockOffsetMs(): number;
  put(record: TenantRecord): void;
  /** Removed, it isn't written any more, whatever the clock does. */
  remove(): Promise<void>;
}

export function standingRecord(file: string, pid: number): StandingRecord {
  let offsetMs = 0;
  let standing: TenantRecord | undefined;
  const write = (record: TenantRecord) => writeTenantRecord(file, { ...record, clock: { offsetMs } });
  return {
    clockChanged: (reading) => {
      offsetMs = reading.offsetMs;
      if (standing !== undefined) write(standing);
    },
    clockOffsetMs: () => offsetMs,
    put: (record) => {
      write(record);
      standing = record;
    },
    remove: async () => {
      standing = undefined;
      await removeTenantRecord(file, pid);
    },
  };
}
