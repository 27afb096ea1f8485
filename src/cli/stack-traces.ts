/**
 * While resources register, the SDK takes a stack trace for every promise it makes: more than half of a large program's CPU
 * time. This switches the traces off for that time, and only then.
 */

export interface CheapStackTraces {
  /** Wraps the program: traces go off when it starts, and on again should it fail. */
  withCheapStackTraces<T>(program: () => Promise<T>): () => Promise<T>;
  /** Traces on again: the registrations go on after the program has returned, so whoever sees their end calls this. */
  restore(): void;
}

export function cheapStackTraces(): CheapStackTraces {
  let saved: { readonly limit: number; readonly prepare: PropertyDescriptor | undefined } | undefined;
  const restore = () => {
    if (saved === undefined) return;
    Error.stackTraceLimit = saved.limit;
    if (saved.prepare !== undefined) Object.defineProperty(Error, "prepareStackTrace", saved.prepare);
    saved = undefined;
  };
  return {
    restore,
    withCheapStackTraces: (program) => async () => {
      const prepare = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
      saved ??= { limit: Error.stackTraceLimit, prepare };
      Error.stackTraceLimit = 0;
      Reflect.deleteProperty(Error, "prepareStackTrace");
      try {
        return await program();
      } catch (error) {
        restore();
        throw error;
      }
    },
  };
}
