/**
 * The engine's own workspace in AUTHN_HOME: copies of the project's and the stack's files, since the engine writes into the
 * files of its workspace (an encryption salt, an encrypted key) and a tracked file must never change.
 */
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { makePrivateFolder, readFileIfPresent, writePrivateFile } from "./private-file.js";
import { type Project, parseStack, type StackSettings, stackFileName } from "./project.js";

export interface WorkspaceInput {
  readonly project: Project;
  readonly stack: string;
  /** The project's own file of the stack. */
  readonly settings: StackSettings | undefined;
  /** Configuration that this command's options set, over all files. */
  readonly overrides: Readonly<Record<string, string>>;
}

/** The copy's Pulumi.yaml: `main` is the project's folder, which makes that the provider process's working directory. */
export function workspaceProject(project: Project): Record<string, unknown> {
  return {
    name: project.name,
    runtime: { name: "nodejs", options: { typescript: false } },
    main: project.folder,
    ...(Object.keys(project.config).length === 0 ? {} : { config: project.config }),
  };
}

/**
 * The copy's Pulumi.<stack>.yaml. Configuration is the project's, whole, at every run: what was taken out of it there is gone
 * here. The secrets' key material is the project's where it has any, else what the engine wrote into the copy earlier.
 */
export function workspaceStack(input: WorkspaceInput, copy: StackSettings | undefined): StackSettings {
  const { config: _, ...own } = input.settings ?? {};
  const config = { ...input.settings?.config, ...input.overrides };
  return {
    ...keyMaterial(own, copy),
    ...own,
    ...(Object.keys(config).length === 0 ? {} : { config }),
  };
}

function keyMaterial(own: StackSettings, copy: StackSettings | undefined): StackSettings {
  if (copy === undefined || own.encryptionsalt !== undefined || own.encryptedkey !== undefined) return {};
  const sameProvider = own.secretsprovider === undefined || own.secretsprovider === copy.secretsprovider;
  const saltOnly = own.secretsprovider === "passphrase" && copy.secretsprovider === undefined;
  if (!sameProvider && !saltOnly) return {};
  const { secretsprovider, encryptedkey, encryptionsalt } = copy;
  return {
    ...(secretsprovider === undefined ? {} : { secretsprovider }),
    ...(encryptedkey === undefined ? {} : { encryptedkey }),
    ...(encryptionsalt === undefined ? {} : { encryptionsalt }),
  };
}

/** Brings the copies up to date; a file that is right already is not written. */
export async function prepareWorkspace(folder: string, input: WorkspaceInput): Promise<void> {
  await makePrivateFolder(folder);
  const stackFile = join(folder, `${stackFileName(input.stack)}.yaml`);
  const copyText = await readFileIfPresent(stackFile);
  const copy = copyText === undefined ? undefined : parseStack(copyText, stackFile);
  const settings = workspaceStack(input, copy);
  await Promise.all([
    writeIfChanged(join(folder, "Pulumi.yaml"), workspaceProject(input.project)),
    Object.keys(settings).length === 0 && copy === undefined ? undefined : writeIfChanged(stackFile, settings),
  ]);
}

async function writeIfChanged(file: string, settings: Record<string, unknown>): Promise<void> {
  const before = await readFileIfPresent(file);
  if (before !== undefined && stringify(parse(before)) === stringify(settings)) return;
  await writePrivateFile(file, stringify(settings));
}
