// A disk that fills up, or that can't be written, under one folder only, for the process that loads this: without root, no file system
// of any size can be had. What Node reports then: write(2), open(2) and mkdir(2), ENOSPC and EROFS.
import fs, { constants } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {{ folder: string, freeBytes: number | "read-only" }} Disk `freeBytes`: how much may still be written there */

const { open, mkdir, writeFile } = promises;
const { writeSync } = fs;
const MESSAGES = { ENOSPC: "no space left on device", EROFS: "read-only file system" };

/** @param {keyof typeof MESSAGES} code @param {string} syscall */
function failure(code, syscall) {
  return Object.assign(new Error(`${code}: ${MESSAGES[code]}, ${syscall}`), { code, syscall });
}

/** @param {string | number | undefined} flags of open(2), as Node takes them */
function writes(flags) {
  if (typeof flags === "number") return (flags & (constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT)) !== 0;
  return flags !== undefined && flags !== "r";
}

/** @param {Disk} disk */
export function failWrites({ folder, freeBytes }) {
  let left = freeBytes === "read-only" ? 0 : freeBytes;
  const concerns = (path) => {
    const text = path instanceof URL ? fileURLToPath(path) : String(path);
    return text === folder || text.startsWith(folder + sep);
  };
  /** What is open for writing there. @type {Set<number>} */
  const there = new Set();
  const refuse = (path, syscall) => {
    if (freeBytes === "read-only" && concerns(path)) throw failure("EROFS", syscall);
  };

  promises.open = async (path, flags, mode) => {
    if (writes(flags)) refuse(path, "open");
    const handle = await open(path, flags, mode);
    // A number is used again once its file is closed.
    if (concerns(path) && writes(flags)) there.add(handle.fd);
    else there.delete(handle.fd);
    return handle;
  };
  fs.writeSync = (fd, buffer, offset = 0, length = buffer.byteLength - offset, position = null) => {
    if (!there.has(fd)) return writeSync(fd, buffer, offset, length, position);
    if (left === 0) throw failure("ENOSPC", "write");
    // A nearly full disk takes what it has room for, and says so.
    const taken = Math.min(left, length);
    left -= taken;
    return writeSync(fd, buffer, offset, taken, position);
  };
  promises.mkdir = async (path, options) => {
    refuse(path, "mkdir");
    return mkdir(path, options);
  };
  promises.writeFile = async (file, content, options) => {
    if (typeof file !== "object" || file instanceof URL) {
      refuse(file, "open");
      if (concerns(file) && left < Buffer.byteLength(content)) throw failure("ENOSPC", "write");
    }
    return writeFile(file, content, options);
  };
  syncBuiltinESMExports();
}
