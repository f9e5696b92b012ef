import type { AgentDefinition } from '../core/agent.ts';
import type { Queryable } from '../store/connect.ts';
import { listToolMarks, readMarkedTools, type ToolMark } from '../store/custom-tools.ts';
import { GroupRead } from '../store/group-read.ts';
import { customAgentTool } from './custom.ts';
import type { AgentTool } from './tool.ts';
import type { ToolRunner } from './tool-runner.ts';

// Custom tools as runs get them. Which tools there are, and whether each is still as it was, is asked of
// the database for every run (many at once in one query); a tool's row is read again only when it changed.

export interface ToolShelf {
  /** The custom tools that the agent may call: the globally enabled ones and those it names. By name. */
  toolsFor(agent: {
    readonly workspaceId: string;
    readonly definition: Pick<AgentDefinition, 'tools'>;
  }): Promise<readonly AgentTool[]>;
}

interface Kept {
  readonly tool: AgentTool;
  readonly mark: string;
}

/** `maxKept`: tools in memory at most; others are read again. */
export function createToolShelf(db: Queryable, runner: ToolRunner, maxKept = 1_000): ToolShelf {
  const kept = new Map<string, Kept>();
  const marks = new GroupRead<string, readonly ToolMark[]>({
    read: async (workspaceIds) => {
      const found = Map.groupBy(await listToolMarks(db, workspaceIds), (mark) => mark.workspaceId);
      return workspaceIds.map((id) => found.get(id) ?? []);
    },
  });
  const rows = new GroupRead<string, Kept | null>({
    read: async (ids) => {
      const found = await readMarkedTools(db, ids);
      const byId = new Map(found.map(({ tool, mark }) => [tool.id, { tool, mark }]));
      return ids.map((id) => {
        const row = byId.get(id);
        return row === undefined
          ? null
          : { tool: customAgentTool(runner, row.tool), mark: row.mark };
      });
    },
  });
  const take = async ({ id, mark }: ToolMark): Promise<AgentTool | null> => {
    const known = kept.get(id);
    if (known?.mark === mark) return known.tool;
    const read = await rows.read(id);
    if (read === null) return null;
    kept.delete(id);
    kept.set(id, read);
    const oldest = kept.size > maxKept ? kept.keys().next() : null;
    if (oldest !== null && !oldest.done) kept.delete(oldest.value);
    return read.tool;
  };
  return {
    async toolsFor({ workspaceId, definition }) {
      const named = definition.tools ?? [];
      const callable = (await marks.read(workspaceId)).filter(
        (mark) => mark.enableGlobally || named.includes(mark.name),
      );
      const tools = await Promise.all(callable.map(take));
      return tools.filter((tool) => tool !== null);
    },
  };
}
