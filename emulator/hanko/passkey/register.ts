/** What the Passkey API keeps: users, who outlive their credentials, the credentials, and the transaction ids that are taken. */
import { z } from "zod";
import type { Clock } from "../../clock.js";
import type { Store, Table } from "../../store/store.js";
import { authenticatorNames } from "../assumptions.js";
import { CredentialRegister } from "../credentials.js";
import type { AssertedUse } from "../webauthn/assertion.js";
import type { AttestedCredential } from "../webauthn/registration.js";

const userRow = z.object({ name: z.string(), displayName: z.string(), icon: z.string().optional() });
const credentialRow = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  publicKey: z.string(),
  attestationType: z.string(),
  aaguid: z.string(),
  /** RFC 3339 in UTC, by the tenant's clock. */
  createdAt: z.string(),
  lastUsedAt: z.string(),
  backupEligible: z.boolean(),
  backupState: z.boolean(),
});
const transactionRow = z.object({ userId: z.string() });

export type PasskeyUser = z.infer<typeof userRow>;
export type PasskeyCredential = z.infer<typeof credentialRow>;

export class PasskeyRegister {
  readonly credentials: CredentialRegister<PasskeyCredential>;
  /** By user id. */
  readonly users: Table<PasskeyUser>;
  /** By transaction id. */
  readonly transactions: Table<z.infer<typeof transactionRow>>;
  readonly #clock: Clock;

  private constructor(
    credentials: CredentialRegister<PasskeyCredential>,
    users: Table<PasskeyUser>,
    transactions: Table<z.infer<typeof transactionRow>>,
    clock: Clock,
  ) {
    this.credentials = credentials;
    this.users = users;
    this.transactions = transactions;
    this.#clock = clock;
  }

  static async open(store: Store, clock: Clock): Promise<PasskeyRegister> {
    return new PasskeyRegister(
      await CredentialRegister.open(store, "hanko-passkey-credentials", credentialRow),
      await store.table("hanko-passkey-users", userRow),
      await store.table("hanko-passkey-transactions", transactionRow),
      clock,
    );
  }

  /** Does nothing where the id exists, whoever's it is. */
  add(userId: string, attested: AttestedCredential): void {
    const { id, publicKey, attestationType, aaguid, backupEligible, backupState } = attested;
    const name = authenticatorNames.get(aaguid) ?? `cred-${id}`;
    const [createdAt, lastUsedAt] = [this.#now(), this.#now()];
    const kept = { id, publicKey, attestationType, aaguid, backupEligible, backupState };
    this.credentials.add({ userId, name, createdAt, lastUsedAt, ...kept });
  }

  use(credential: PasskeyCredential, { backupEligible, backupState }: AssertedUse): void {
    // As it stands now: it may have been renamed while the signature was verified.
    const present = this.credentials.get(credential.id);
    if (present === undefined) return;
    this.credentials.update({ ...present, backupEligible, backupState, lastUsedAt: this.#now() });
  }

  clear(): void {
    this.credentials.clear();
    this.users.clear();
    this.transactions.clear();
  }

  #now(): string {
    return new Date(this.#clock.nowMs()).toISOString();
  }
}
