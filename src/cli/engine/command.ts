/** Opening an engine as the Automation API's command object, which runs `pulumi version` once and so proves that it starts. */
import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";

/**
 * @param root the installation's folder (`<root>/bin/pulumi`); without it, `pulumi` on the process's PATH.
 * @param asked called once the program was started: until it answers, this process may do something long.
 * @throws where the program doesn't start, tells no version, or takes longer than `limitMs`.
 */
export async function openCommand(
  root: string | undefined,
  limitMs: number,
  asked: () => void = () => {},
): Promise<PulumiCommand> {
  // Only this module: the whole Automation API takes 0.9 s to load, and the caller may never need it.
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/cmd.js");
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`\`pulumi version\` gave no answer in ${limitMs / 1000} s`)), limitMs);
  });
  try {
    const answer = PulumiCommand.get(root === undefined ? {} : { root });
    asked();
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
