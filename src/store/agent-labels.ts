import { isId } from '../core/ids.ts';
import { fromStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

// What a run shows of its agent. Deleted agents are included: their runs remain.

export interface AgentLabel {
  readonly id: string;
  readonly number: number;
  readonly name: string;
}

const columns = 'a.id, a.number, a.name';

/** Labels by agent id. Whoever asks has read the runs that name these agents in their scope. */
export async function readAgentLabels(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AgentLabel>> {
  if (ids.length === 0) return new Map();
  const rows = await db.query<AgentLabel>({
    name: 'read_agent_labels',
    text: `SELECT ${columns} FROM agents a WHERE a.id = ANY ($1)`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, toLabel(row)]));
}

/** The label of the agent with this id or number (`42`); null when there is none in scope. */
export async function findAgentLabel(
  db: Queryable,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<AgentLabel | null> {
  const isNumber = /^[1-9][0-9]{0,14}$/.test(idOrNumber);
  if (!isNumber && !isId(idOrNumber)) return null;
  const conditions = new Conditions()
    .add(idOrNumber, (placeholder) => `a.${isNumber ? 'number' : 'id'} = ${placeholder}`)
    .inScope(scope, 'a.workspace_id');
  const [row] = await db.query<AgentLabel>({
    text: `SELECT ${columns} FROM agents a ${conditions.where()}`,
    values: conditions.values,
  });
  return row === undefined ? null : toLabel(row);
}

function toLabel(row: AgentLabel): AgentLabel {
  return { id: row.id, number: row.number, name: fromStorableText(row.name) };
}
