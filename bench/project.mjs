/**
 * A Pulumi project for the engine to run in, with the files that the declarations name: the provider's process resolves this package
 * from there, and takes pictures from nowhere else.
 */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * @param {string} folder
 * @param {{ packageFolder: string, files: Iterable<import("./resources/index.mjs").ProjectFile> }} content
 */
export async function makeProject(folder, { packageFolder, files }) {
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "@pulumi"), { recursive: true });
  await writeFile(join(folder, "Pulumi.yaml"), "name: bench\nruntime: nodejs\n");
  // A junction is what Windows lets everybody make.
  await symlink(packageFolder, join(modules, "pulumi-authn"), "junction");
  await symlink(
    join(packageFolder, "node_modules", "@pulumi", "pulumi"),
    join(modules, "@pulumi", "pulumi"),
    "junction",
  );
  for (const { path, content } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
