import { conduitDialect } from '../conduit/dialect.ts';
import type { Dialect } from '../dialect.ts';

/** Agent User Interaction: https://docs.ag-ui.com. Refusals before the stream are plain errors, as its clients read them. */
export const agUiDialect: Dialect = {
  ...conduitDialect,
  name: 'ag-ui',
  prefix: '/ag-ui',
  successBody: (answer) => answer.data,
  document: null,
};
