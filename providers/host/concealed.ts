/** The inputs that the program holds as secrets: the stock host passes them in plain, and the owner names them. Pure. */
import { owner as ownerSchema } from "./inputs.js";

type Properties = Readonly<Record<string, unknown>>;

export function concealedNames(properties: Properties): readonly string[] {
  return ownerSchema.safeParse(properties["owner"]).data?.concealed ?? [];
}

/** Every text in those inputs, however deep: which part of one is the secret, nobody can tell here. */
export function concealedTexts(properties: Properties): readonly string[] {
  return concealedNames(properties).flatMap((name) => textsIn(properties[name]));
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
