/**
 * One user at Hanko has one username and one display name: each registration overwrites both (contracts/hanko.md, "Measured"). What
 * was loaded together is checked there; this is for people of several loads, and those that a program made itself.
 */
import { AuthnError } from "../../providers/errors.js";
import { placeText } from "../fixtures/faults.js";
import type { Person, Source } from "../fixtures/model.js";

interface Declaration {
  readonly person: Person;
  readonly source: Source;
}

/** @throws AuthnError `ERR_AUTHN_FIXTURES` that names both places of each user who is declared in two ways; no value, since it may be secret */
export function refuseUsersOfTwoNames(people: readonly Person[]): void {
  const users = new Map<string, Declaration>();
  const clashes: string[] = [];
  for (const person of people) {
    for (const { userId = person.username, source } of person.hanko ?? []) {
      const first = users.get(userId);
      if (first === undefined) users.set(userId, { person, source });
      else if (first.person.username !== person.username || first.person.displayName !== person.displayName)
        clashes.push(`${placed(first)} and ${placed({ person, source })}`);
    }
  }
  if (clashes.length === 0) return;
  throw new AuthnError({
    code: "ERR_AUTHN_FIXTURES",
    what: "Passkeys of one Hanko user are declared with different usernames or display names",
    where: clashes.join("; "),
    remedy: "Give both people the same two, or each a userId of their own",
  });
}

function placed({ person, source }: Declaration): string {
  return `${person.key} at ${placeText(source)}`;
}
