import type {
  AlertKind,
  AlertNotify,
  AlertRule,
  AlertSettings,
  AlertState,
} from '../core/alert.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

// Rules of alerts.

interface RuleRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly kind: string;
  readonly settings: AlertSettings;
  readonly notify: AlertNotify;
  readonly enabled: boolean;
  readonly state: string;
  readonly firings: number;
  readonly since: Date | null;
  readonly summary: string | null;
  readonly run_id: string | null;
  readonly checked_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `id, workspace_id, name, kind, settings, notify, enabled, state, firings, since, summary,
  run_id, checked_at, created_at, updated_at`;

export type AlertFields = Pick<AlertRule, 'name' | 'kind' | 'settings' | 'notify' | 'enabled'>;

/** A page of the workspace's rules, newest first. */
export async function listAlerts(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<AlertRule>> {
  const conditions = new Conditions().inScope([workspaceId], 'workspace_id');
  const rows = await db.query<RuleRow>({
    text: `SELECT ${columns} FROM alert_rules ${conditions.pageOf(page)}`,
    values: conditions.values,
  });
  return toPage(rows.map(toRule), page.limit, (rule) => rule);
}

/** The rule; null when there is none in scope. */
export async function getAlert(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<AlertRule | null> {
  const rows = await db.query<RuleRow>({
    name: 'get_alert',
    text: `SELECT ${columns} FROM alert_rules WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toRule(rows[0]);
}

/** Null when the workspace has `maxCount` already. */
export async function insertAlert(
  tx: Queryable,
  rule: AlertFields & {
    readonly id: string;
    readonly workspaceId: string;
    readonly maxCount: number;
  },
): Promise<AlertRule | null> {
  const rows = await tx.query<RuleRow>({
    text: `INSERT INTO alert_rules (id, workspace_id, name, kind, settings, notify, enabled)
      SELECT $1, $2, $3, $4, $5, $6, $7
      WHERE (SELECT count(*) FROM alert_rules WHERE workspace_id = $2) < $8 RETURNING ${columns}`,
    values: [rule.id, rule.workspaceId, ...fieldValues(rule), rule.maxCount],
  });
  return rows[0] === undefined ? null : toRule(rows[0]);
}

/** Locks the rule for the rest of the transaction; null when there is none in scope. */
export async function lockAlert(
  tx: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<AlertRule | null> {
  const rows = await tx.query<RuleRow>({
    text: `SELECT ${columns} FROM alert_rules WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')} FOR UPDATE`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toRule(rows[0]);
}

/** Writes a locked rule; it is looked at anew at once. One that is switched off is not firing any more. */
export async function updateAlert(
  tx: Queryable,
  id: string,
  fields: AlertFields,
): Promise<AlertRule> {
  const [row] = await tx.query<RuleRow>({
    text: `UPDATE alert_rules SET name = $2, kind = $3, settings = $4, notify = $5, enabled = $6,
        state = CASE WHEN $6 THEN state ELSE 'ok' END,
        since = CASE WHEN $6 THEN since END, summary = CASE WHEN $6 THEN summary END,
        run_id = CASE WHEN $6 THEN run_id END, checked_at = NULL, updated_at = clock_timestamp()
      WHERE id = $1 RETURNING ${columns}`,
    values: [id, ...fieldValues(fields)],
  });
  if (row === undefined) throw new Error('The alert is not there to be updated.');
  return toRule(row);
}

/** Whether there was one in scope. */
export async function deleteAlert(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const deleted = await db.execute({
    text: `DELETE FROM alert_rules WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return deleted > 0;
}

/** Rules that nobody has looked at for so long, locked and taken for a look by this transaction. */
export async function claimAlerts(
  tx: Queryable,
  given: { readonly olderThanMs: number; readonly limit: number },
): Promise<readonly AlertRule[]> {
  const rows = await tx.query<RuleRow>({
    text: `UPDATE alert_rules SET checked_at = clock_timestamp() WHERE id IN (
        SELECT id FROM alert_rules WHERE enabled
          AND (checked_at IS NULL OR checked_at < clock_timestamp() - make_interval(secs => $1))
        ORDER BY checked_at NULLS FIRST LIMIT $2 FOR UPDATE SKIP LOCKED)
      RETURNING ${columns}`,
    values: [given.olderThanMs / 1_000, given.limit],
  });
  return rows.map(toRule);
}

/** Writes how a claimed rule stands; the number of its firing. */
export async function settleAlert(
  tx: Queryable,
  settled: {
    readonly id: string;
    readonly state: AlertState;
    readonly summary: string | null;
    readonly runId: string | null;
  },
): Promise<number> {
  const [row] = await tx.query<{ firings: number }>({
    text: `UPDATE alert_rules SET firings = firings + CASE WHEN state = 'ok' AND $2 = 'firing' THEN 1 ELSE 0 END,
        since = CASE WHEN state = $2 THEN since WHEN $2 = 'firing' THEN clock_timestamp() END,
        state = $2, summary = $3, run_id = $4
      WHERE id = $1 RETURNING firings`,
    values: [settled.id, settled.state, settled.summary, settled.runId],
  });
  return row?.firings ?? 0;
}

function fieldValues(fields: AlertFields): unknown[] {
  const { name, kind, settings, notify, enabled } = fields;
  return [toStorableText(name), kind, JSON.stringify(settings), JSON.stringify(notify), enabled];
}

function toRule(row: RuleRow): AlertRule {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: fromStorableText(row.name),
    kind: row.kind as AlertKind,
    settings: row.settings,
    notify: row.notify,
    enabled: row.enabled,
    state: row.state as AlertState,
    firings: row.firings,
    since: row.since,
    summary: fromStorableOrNull(row.summary),
    runId: row.run_id,
    checkedAt: row.checked_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
