/** The Pulumi project that a command works on: the folder of the nearest Pulumi.yaml upward. Facts: the Pulumi project file reference. */
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { AuthnError } from "../../providers/errors.js";
import { readFileIfPresent } from "./private-file.js";

const projectFile = z.looseObject({
  name: z.string("must be text").min(1, "must not be empty"),
  config: z.record(z.string(), z.unknown()).nullish(),
  backend: z.looseObject({ url: z.string().optional() }).nullish(),
  stackConfigDir: z.string().optional(),
});

const stackFile = z.looseObject({
  secretsprovider: z.string().optional(),
  encryptedkey: z.string().optional(),
  encryptionsalt: z.string().optional(),
  config: z.record(z.string(), z.unknown()).nullish(),
});
/** `Pulumi.<stack>.yaml`: keys that this package doesn't know are carried along. */
export type StackSettings = z.infer<typeof stackFile>;

export interface Project {
  /** Absolute path. */
  readonly folder: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly backendUrl: string | undefined;
  /** Where the stacks' files lie, absolute. */
  readonly stackFolder: string;
}

export async function findProject(from: string): Promise<Project> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of ["Pulumi.yaml", "Pulumi.yml"]) {
      const text = await readFileIfPresent(join(folder, name));
      if (text !== undefined) return parseProject(text, folder, join(folder, name));
    }
    if (dirname(folder) === folder) {
      throw new AuthnError({
        code: "ERR_AUTHN_USAGE",
        what: `There is no Pulumi.yaml in ${resolve(from)} nor in any folder above it`,
        remedy: "Go to your project's folder, or make a Pulumi.yaml with a name and a runtime there",
      });
    }
  }
}

function parseProject(text: string, folder: string, file: string): Project {
  const settings = parseSettings(projectFile, text, file);
  return {
    folder,
    name: settings.name,
    config: settings.config ?? {},
    backendUrl: settings.backend?.url,
    stackFolder: resolve(folder, settings.stackConfigDir ?? "."),
  };
}

/** The project's own file of the stack; undefined where there is none. */
export async function readProjectStack(project: Project, stack: string): Promise<StackSettings | undefined> {
  for (const extension of ["yaml", "yml"]) {
    const file = join(project.stackFolder, `${stackFileName(stack)}.${extension}`);
    const text = await readFileIfPresent(file);
    if (text !== undefined) return parseStack(text, file);
  }
  return undefined;
}

export function parseStack(text: string, file: string): StackSettings {
  return parseSettings(stackFile, text.trim() === "" ? "{}" : text, file);
}

/** `Pulumi.dev` for `dev` and for `organization/project/dev`. */
export function stackFileName(stack: string): string {
  return `Pulumi.${stack.split("/").at(-1) ?? stack}`;
}

function parseSettings<T>(schema: z.ZodType<T>, text: string, file: string): T {
  const fault = (reason: string, cause?: unknown) =>
    new AuthnError({
      code: "ERR_AUTHN_CONFIGURATION",
      what: `${file} can't be read: ${reason}`,
      remedy: "Correct the file and run the command again",
      cause,
    });
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw fault(error instanceof Error ? (error.message.split("\n")[0] ?? "") : "it is not YAML", error);
  }
  const parsed = schema.safeParse(document ?? {});
  if (parsed.success) return parsed.data;
  throw fault(parsed.error.issues.map((issue) => `${issue.path.join(".") || "the file"} ${issue.message}`).join("; "));
}
