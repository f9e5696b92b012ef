import { conduitDialect } from './conduit/dialect.ts';
import type { Dialect } from './dialect.ts';

/** What belongs to no dialect: health, and paths that nobody serves. Errors read as Conduit's. */
export const plainDialect: Dialect = {
  ...conduitDialect,
  name: 'plain',
  prefix: '/',
  successBody: (answer) => answer.data,
  document: null,
};
