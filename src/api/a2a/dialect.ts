import { conduitDialect } from '../conduit/dialect.ts';
import type { Dialect } from '../dialect.ts';
import { rpcError } from '../json-rpc.ts';

/** Agent2Agent, over JSON-RPC: https://a2a-protocol.org/v1.0.0/specification/ */
export const a2aDialect: Dialect = {
  ...conduitDialect,
  name: 'a2a',
  prefix: '/a2a',
  errorBody: (error) => rpcError(error),
  successBody: (answer) => answer.data,
  document: null,
};
