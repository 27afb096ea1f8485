/** A thing that is begun at the first call, and is the same one ever after. */
export function once<T>(begin: () => T): () => T {
  let begun: { readonly value: T } | undefined;
  return () => {
    begun ??= { value: begin() };
    return begun.value;
  };
}
