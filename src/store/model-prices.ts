import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { ModelPrice, PriceEntry } from '../core/price.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

// Prices that workspaces set themselves.

interface PriceRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly model: string;
  readonly price: ModelPrice;
  readonly source: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = 'id, workspace_id, model, price, source, created_at, updated_at';

/** A page of the workspace's prices, newest first. */
export async function listPrices(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<PriceEntry>> {
  const conditions = new Conditions().inScope([workspaceId], 'workspace_id');
  const rows = await db.query<PriceRow>({
    text: `SELECT ${columns} FROM model_prices ${conditions.pageOf(page)}`,
    values: conditions.values,
  });
  return toPage(rows.map(toPrice), page.limit, (price) => price);
}

/** The price; null when there is none in scope. */
export async function getPrice(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<PriceEntry | null> {
  const rows = await db.query<PriceRow>({
    name: 'get_model_price',
    text: `SELECT ${columns} FROM model_prices WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toPrice(rows[0]);
}

/** The workspace's prices of these models. */
export async function getPricesOf(
  db: Queryable,
  workspaceId: string,
  models: readonly string[],
): Promise<readonly PriceEntry[]> {
  const rows = await db.query<PriceRow>({
    name: 'get_model_prices_of',
    text: `SELECT ${columns} FROM model_prices WHERE workspace_id = $1 AND model = ANY ($2)`,
    values: [workspaceId, models],
  });
  return rows.map(toPrice);
}

/** Sets the workspace's price of a model; null when it would be a new one beyond `maxCount`. */
export async function putPrice(
  tx: Queryable,
  price: Pick<PriceEntry, 'id' | 'workspaceId' | 'model' | 'price' | 'source'> & {
    readonly maxCount: number;
  },
): Promise<PriceEntry | null> {
  const rows = await tx.query<PriceRow>({
    text: `INSERT INTO model_prices (id, workspace_id, model, price, source)
      SELECT $1, $2, $3, $4, $5
      WHERE EXISTS (SELECT 1 FROM model_prices WHERE workspace_id = $2 AND model = $3)
        OR (SELECT count(*) FROM model_prices WHERE workspace_id = $2) < $6
      ON CONFLICT (workspace_id, model) DO UPDATE
        SET price = excluded.price, source = excluded.source, updated_at = clock_timestamp()
      RETURNING ${columns}`,
    values: [
      price.id,
      price.workspaceId,
      price.model,
      JSON.stringify(price.price),
      toStorableText(price.source),
      price.maxCount,
    ],
  });
  return rows[0] === undefined ? null : toPrice(rows[0]);
}

/** Whether there was one in scope. */
export async function deletePrice(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const deleted = await db.execute({
    text: `DELETE FROM model_prices WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return deleted > 0;
}

function toPrice(row: PriceRow): PriceEntry {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    model: row.model,
    price: row.price,
    source: fromStorableText(row.source),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
