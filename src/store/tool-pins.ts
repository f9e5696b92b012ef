import type { ToolPin } from '../core/agent.ts';
import type { ToolParameters } from '../core/custom-tool.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn } from './json-column.ts';

/** The custom tools of these names, and those enabled globally, as they are to be kept. */
export async function readToolPins(
  tx: Queryable,
  of: { readonly workspaceId: string; readonly named: readonly string[] },
): Promise<readonly { readonly id: string; readonly name: string; readonly pin: ToolPin }[]> {
  const rows = await tx.query<{
    id: string;
    name: string;
    version: number;
    description: string;
    parameters: string;
    packages: string;
  }>({
    name: 'read_tool_pins',
    text: `SELECT id, name, version, description, parameters, packages FROM custom_tools
      WHERE workspace_id = $1 AND deleted_at IS NULL AND (enable_globally OR name = ANY ($2)) ORDER BY id`,
    values: [of.workspaceId, of.named.map(toStorableText)],
  });
  return rows.map(({ id, name, version, description, parameters, packages }) => ({
    id,
    name: fromStorableText(name),
    pin: {
      version,
      description: fromStorableText(description),
      parameters: fromJsonColumn<ToolParameters>(parameters),
      packages: fromJsonColumn<string[]>(packages),
    },
  }));
}
