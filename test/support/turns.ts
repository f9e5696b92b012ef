// Turns of a scripted model that many tests need.

/** The model decides. */
export const finishTurn = (more: Record<string, unknown> = {}) => ({
  answer: {
    tool_calls: [{ name: 'finish', arguments: { disposition: 'resolved', ...more } }],
  },
});
/** The model calls the tools, each with its own name as argument. */
export const callTurn = (...names: string[]) => ({
  answer: { text: 'looking', tool_calls: names.map((name) => ({ name, arguments: { of: name } })) },
});
