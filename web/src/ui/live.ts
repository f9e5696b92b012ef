/** How often a page asks anew for what people wait for. A page in the background does not ask. */
export const liveEveryMs = 2_000;
/** The same for what is read in passing. */
export const quietEveryMs = 10_000;
