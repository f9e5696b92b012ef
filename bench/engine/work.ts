// The run that everybody performs: model, tool, model, with no time in any of them. What the steps give
// is the same for all, so that all store about the same bytes.

export const payload = {
  order: 'A-1001',
  status: 'confirmed',
  note: 'Guest asks for a late arrival.',
};
export const toolCall = { name: 'look-up', argumentsText: '{"order":"A-1001"}' };
export const toolResult = {
  message: 'Order A-1001 is confirmed.',
  rawData: { order: 'A-1001', guests: 2, nights: 3, arrival: '2026-03-01' },
};
export const answer = 'Your order A-1001 is confirmed. A late arrival is no problem.';

export const usage = { inputTokens: 412, outputTokens: 37 };

/** The steps as a peer's workflow calls them; each result is what the peer must keep. */
export const steps = {
  async decide() {
    return { text: '', toolCalls: [toolCall], usage };
  },
  async lookUp() {
    return { input: toolCall.argumentsText, ...toolResult };
  },
  async respond() {
    return { text: answer, toolCalls: [], usage };
  },
};
