import { conduitDialect } from '../conduit/dialect.ts';
import type { Dialect } from '../dialect.ts';

/** Agent Protocol: https://langchain-ai.github.io/agent-protocol/ */
export const agentProtocolDialect: Dialect = {
  ...conduitDialect,
  name: 'agent-protocol',
  prefix: '/agent-protocol',
  errorBody: ({ problem, message }) => ({ code: problem, message, detail: message, metadata: {} }),
  successBody: (answer) => answer.data,
  document: null,
};
