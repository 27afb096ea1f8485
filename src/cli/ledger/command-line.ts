/** `authn ledger …` on the command line: names, options, help. */
import type { Command } from "commander";
import type { ExitCode } from "../exit.js";
import type { CommonOptions, Surroundings } from "../surroundings.js";

type Run = (options: CommonOptions, surroundings: Surroundings) => Promise<ExitCode>;

interface SweepGiven {
  readonly yes?: boolean;
  readonly withoutState?: boolean;
  readonly anyBackend?: boolean;
}
interface ForgetGiven {
  readonly all?: boolean;
  readonly damaged?: boolean;
}

/** @param settle runs what was chosen with the shared options; every action is loaded when it is chosen */
export function ledgerCommands(ledger: Command, settle: (run: Run) => Promise<void>): void {
  ledger.description("what a cut off operation may have left outside the state");
  ledger
    .command("status")
    .description("where it lies, how much is in it, who holds it, what the next `up` does (needs no seed)")
    .action(() =>
      settle(async (options, surroundings) => {
        const { showStatus } = await import("./status.js");
        return await showStatus(options, surroundings);
      }),
    );
  ledger
    .command("show")
    .description("its entries, decrypted, without their secrets")
    .action(() =>
      settle(async (options, surroundings) => {
        const { showEntries } = await import("./show.js");
        return await showEntries(options, surroundings);
      }),
    );
  ledger
    .command("sweep")
    .description("list what no saved state holds, and with --yes remove it from the services")
    .option("--yes", "remove what is listed")
    .option("--without-state", "even where there is no such stack: its state is lost")
    .option("--any-backend", "what was made for another state of this stack too, which was moved here or is lost")
    .action(({ yes = false, withoutState = false, anyBackend = false }: SweepGiven) =>
      settle(async (options, surroundings) => {
        const { sweepLedger } = await import("./sweep-command.js");
        return await sweepLedger({ ...options, yes, withoutState, anyBackend }, surroundings);
      }),
    );
  ledger
    .command("forget")
    .description("drop entries; what they made stays where it stands")
    .argument("[name...]", "resources by name (`ada/phone`)")
    .option("--all", "every entry; needs no seed")
    .option("--damaged", "what can't be read: the damaged files are set aside, sound entries are kept")
    .action((names: readonly string[], { all = false, damaged = false }: ForgetGiven) =>
      settle(async (options, surroundings) => {
        const { forgetEntries } = await import("./forget.js");
        return await forgetEntries({ ...options, names, all, damaged }, surroundings);
      }),
    );
  ledger
    .command("rekey")
    .description("seal it with today's authn:seed; the one of before is in AUTHN_PREVIOUS_SEED")
    .action(() =>
      settle(async (options, surroundings) => {
        const { rekeyLedger } = await import("./rekey.js");
        return await rekeyLedger(options, surroundings);
      }),
    );
}
