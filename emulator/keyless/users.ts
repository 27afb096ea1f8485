/**
 * The users that the three services share: uncommitted, committed, and under which username a client state was imported. A
 * deleted one leaves nothing behind.
 */
import { z } from "zod";
import type { Clock } from "../clock.js";
import type { RandomBytes } from "../identity.js";
import type { Store, Table } from "../store/store.js";
import { DEVICE_KEY_BYTES } from "./assumptions.js";

const deviceRow = z.object({
  /** Standard base64. */
  publicSigningKey: z.string(),
  publicEncryptionKey: z.string(),
  state: z.literal("ACTIVE"),
  /** RFC 3339 in UTC, by the tenant's clock. */
  createdAt: z.string(),
});
const userRow = z.object({
  committed: z.boolean(),
  biometricPublicSigningKey: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** Under which the client state was imported. */
  username: z.string().optional(),
  externalUserId: z.string().optional(),
  devices: z.array(deviceRow),
});
const nameRow = z.object({ keylessId: z.string() });

export type User = z.infer<typeof userRow>;

export class UserRegister {
  /** By keylessId. */
  readonly #users: Table<User>;
  /** By username. */
  readonly #names: Table<z.infer<typeof nameRow>>;
  readonly #clock: Clock;
  readonly #random: RandomBytes;

  private constructor(users: Table<User>, names: Table<z.infer<typeof nameRow>>, clock: Clock, random: RandomBytes) {
    this.#users = users;
    this.#names = names;
    this.#clock = clock;
    this.#random = random;
  }

  static async open(store: Store, clock: Clock, random: RandomBytes): Promise<UserRegister> {
    const users = await store.table("keyless-users", userRow);
    return new UserRegister(users, await store.table("keyless-names", nameRow), clock, random);
  }

  /** False where this keylessId is registered already, committed or not. */
  add(keylessId: string, state: "uncommitted" | "committed"): boolean {
    if (this.#users.has(keylessId)) return false;
    const now = this.#now();
    this.#users.set(keylessId, {
      committed: state === "committed",
      biometricPublicSigningKey: this.#publicKey(),
      createdAt: now,
      updatedAt: now,
      devices: [],
    });
    return true;
  }

  /** False where no such user waits for it. */
  commit(keylessId: string): boolean {
    const user = this.#users.get(keylessId);
    if (user === undefined || user.committed) return false;
    this.#update(keylessId, { ...user, committed: true });
    return true;
  }

  /** The committed user of that keylessId. */
  committed(keylessId: string): User | undefined {
    const user = this.#users.get(keylessId);
    return user?.committed === true ? user : undefined;
  }

  /** False where no committed user is called so. */
  remove(keylessId: string): boolean {
    const user = this.committed(keylessId);
    if (user === undefined) return false;
    if (user.username !== undefined) this.#names.delete(user.username);
    return this.#users.delete(keylessId);
  }

  /** The keylessId whose client state was imported under that username. */
  idOf(username: string): string | undefined {
    return this.#names.get(username)?.keylessId;
  }

  /** Gives a committed user without a username this one, as its external user id too, and its first device. */
  import(keylessId: string, user: User, username: string): void {
    this.#names.set(username, { keylessId });
    this.#update(keylessId, { ...user, username, externalUserId: username });
    this.addDevice(keylessId);
  }

  addDevice(keylessId: string): void {
    const user = this.committed(keylessId);
    if (user === undefined) return;
    const [publicSigningKey, publicEncryptionKey] = [this.#publicKey(), this.#publicKey()];
    const device = { publicSigningKey, publicEncryptionKey, state: "ACTIVE" as const, createdAt: this.#now() };
    this.#update(keylessId, { ...user, devices: [...user.devices, device] });
  }

  /** False where this user has no such device. */
  removeDevice(keylessId: string, user: User, publicSigningKey: string): boolean {
    const devices = user.devices.filter((device) => device.publicSigningKey !== publicSigningKey);
    if (devices.length === user.devices.length) return false;
    this.#update(keylessId, { ...user, devices });
    return true;
  }

  setExternalUserId(keylessId: string, user: User, externalUserId: string): void {
    if (user.externalUserId !== externalUserId) this.#update(keylessId, { ...user, externalUserId });
  }

  /** From every user that has exactly this one. */
  removeExternalUserId(externalUserId: string): void {
    for (const [keylessId, { externalUserId: known, ...user }] of [...this.#users.entries()])
      if (known === externalUserId) this.#update(keylessId, user);
  }

  /** The committed users with that external user id in any case. */
  *usersOf(externalUserId: string): Iterable<readonly [keylessId: string, user: User]> {
    const wanted = externalUserId.toLowerCase();
    for (const entry of this.#users.entries())
      if (entry[1].committed && entry[1].externalUserId?.toLowerCase() === wanted) yield entry;
  }

  counts() {
    let users = 0;
    for (const user of this.#users.values()) if (user.committed) users += 1;
    return { users, uncommitted: this.#users.size - users, imported: this.#names.size };
  }

  clear(): void {
    this.#users.clear();
    this.#names.clear();
  }

  #update(keylessId: string, user: User): void {
    this.#users.set(keylessId, { ...user, updatedAt: this.#now() });
  }

  #now(): string {
    return new Date(this.#clock.nowMs()).toISOString();
  }

  #publicKey(): string {
    return this.#random(DEVICE_KEY_BYTES).toString("base64");
  }
}
