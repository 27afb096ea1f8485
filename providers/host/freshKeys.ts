/**
 * Private keys between their making and the calls that follow at once, by their text in the state: reading one back from its PKCS#8 takes
 * OpenSSL longer than all else that a create puts it to. Of one that is forgotten, the text is read.
 */
import type { KeyObject } from "node:crypto";

/** As many as may be under way. */
const MOST = 256;

export interface FreshKeys {
  remember(text: string, key: KeyObject): void;
  find(text: string): KeyObject | undefined;
  forget(text: string): void;
}

export function freshKeys(): FreshKeys {
  const made = new Map<string, KeyObject>();
  return {
    remember(text, key) {
      const [oldest] = made.keys();
      if (oldest !== undefined && made.size >= MOST) made.delete(oldest);
      made.set(text, key);
    },
    find: (text) => made.get(text),
    forget: (text) => void made.delete(text),
  };
}
