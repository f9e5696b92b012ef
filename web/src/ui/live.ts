/** How often a page asks anew for what people wait for. A page in the background does not ask. */
export const liveEveryMs = 2_000;
/** The same for what is read in passing. */
export const quietEveryMs = 10_000;

/** So many pages of a list are read anew that often; with more of them open, less often. */
const livePages = 3;

/** The interval of a live list, by how much of it is open. */
export function liveInterval(query: {
  readonly state: { readonly data?: { readonly pages: readonly unknown[] } | undefined };
}): number {
  return (query.state.data?.pages.length ?? 0) <= livePages ? liveEveryMs : quietEveryMs;
}
