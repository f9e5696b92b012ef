import type { Database, Queryable, Statement } from '../../src/store/connect.ts';

/** A database in whose use this process kills itself (SIGKILL). `dies`: `before:` or `after:` a statement's name. */
export function dyingAround(inner: Database, dies: string | undefined): Database {
  return {
    ...around(inner, dies),
    transaction: (work, options) => inner.transaction((tx) => work(around(tx, dies)), options),
    connect: (options) => inner.connect(options),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

function around(inner: Queryable, dies: string | undefined): Queryable {
  const at = (when: 'before' | 'after', statement: Statement | string) => {
    if (typeof statement === 'string' || dies !== `${when}:${statement.name}`) return;
    process.kill(process.pid, 'SIGKILL');
  };
  return {
    async query<Row>(statement: Statement | string) {
      at('before', statement);
      const rows = await inner.query<Row>(statement);
      at('after', statement);
      return rows;
    },
    async execute(statement: Statement | string) {
      at('before', statement);
      const count = await inner.execute(statement);
      at('after', statement);
      return count;
    },
  };
}
