/**
 * Type-checks texts that lie in no file: each as a module of this folder, where `pulumi-authn` resolves by self-reference to the
 * built package's own types, as it does for a user.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { z } from "zod";

const folder = dirname(fileURLToPath(import.meta.url));
const compilerOptions = z.object({ compilerOptions: z.record(z.string(), z.unknown()) });

/** The strictness of this repository, without what only concerns its own files and its output. */
function strictOptions(): ts.CompilerOptions {
  const parsed = compilerOptions.parse(JSON.parse(readFileSync(join(folder, "..", "..", "tsconfig.json"), "utf8")));
  const { outDir, rootDir, noUnusedLocals, declaration, ...strict } = parsed.compilerOptions;
  const { options, errors } = ts.convertCompilerOptionsFromJson(strict, folder);
  if (errors.length > 0) throw new Error(errors.map(({ messageText }) => String(messageText)).join("; "));
  return { ...options, noEmit: true, allowJs: true, checkJs: true };
}

/**
 * What the compiler has against them, one line each: `own-program.ts:3 Cannot find …`.
 * @param sources text by the module's name, with the extension `.ts` or `.js`
 */
export function faultsOf(sources: Readonly<Record<string, string>>): readonly string[] {
  const texts = new Map(Object.entries(sources).map(([name, text]) => [join(folder, name), text]));
  const options = strictOptions();
  const onDisk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...onDisk,
    fileExists: (file) => texts.has(file) || onDisk.fileExists(file),
    readFile: (file) => texts.get(file) ?? onDisk.readFile(file),
    getSourceFile: (file, language, ...rest) => {
      const text = texts.get(file);
      return text === undefined
        ? onDisk.getSourceFile(file, language, ...rest)
        : ts.createSourceFile(file, text, language);
    },
  };
  const program = ts.createProgram({ rootNames: [...texts.keys()], options, host });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName.split("/").at(-1) ?? ""}:${line} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
