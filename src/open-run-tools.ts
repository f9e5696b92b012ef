import { join } from 'node:path';
import type { Logger } from './core/logger.ts';
import type { Sandbox } from './core/sandbox.ts';
import type { SecretBox } from './core/secret-box.ts';
import type { Env } from './env.ts';
import { askKnowledge } from './knowledge/ask.ts';
import type { Readers } from './knowledge/reading/readers.ts';
import type { SearchDeps } from './knowledge/search.ts';
import { memoryTools } from './memory/memory-tools.ts';
import { proposeFields } from './records/field-decisions.ts';
import { findRecordsForRuns } from './records/find-for-run.ts';
import { scriptTool } from './records/script-tool.ts';
import type { LoadDeps } from './runs/load.ts';
import { attachmentTools } from './runs/read-attachment.ts';
import { skillTools } from './skills/skill-tools.ts';
import type { Database } from './store/connect.ts';
import { createConnectedTools } from './tools/connected-tools.ts';
import { findRecordsTool } from './tools/find-records.ts';
import { McpClient, type McpDeps } from './tools/mcp/mcp-client.ts';
import { fieldTools } from './tools/propose-fields.ts';
import { requestApprovalTool } from './tools/request-approval.ts';
import { scheduleTool } from './tools/schedule.ts';
import { searchKnowledgeTool } from './tools/search-knowledge.ts';
import { createToolRunner } from './tools/tool-runner.ts';
import { createToolShelf, type ToolShelf } from './tools/tool-shelf.ts';
import { scheduleByRuns } from './triggers/schedule-by-run.ts';

interface RunTools
  extends Required<Pick<LoadDeps, 'toolsFor' | 'ownToolsFor' | 'toolsOfContext'>>,
    Pick<ToolShelf, 'foresee' | 'forget'> {
  readonly mcp: McpClient;
  readonly mcpDeps: McpDeps;
}

/** The tools that runs may call: those of their workspace, and ours. */
export function openRunTools(
  given: {
    readonly env: Pick<Env, 'dataDir'>;
    readonly db: Database;
    readonly secretBox: SecretBox;
    readonly sandbox: Sandbox;
    readonly logger: Logger;
    readonly version: string;
    readonly openOutlet: McpDeps['openOutlet'];
    readonly readers: Readers;
    readonly searching: SearchDeps;
  },
  undo: AsyncDisposableStack,
): RunTools {
  const { env, readers, searching, ...common } = given;
  const { db, sandbox } = common;
  const mcpDeps = { ...common, mcpServersDir: join(env.dataDir, 'mcp-servers') };
  const mcp = undo.use(new McpClient(mcpDeps));
  const connected = createConnectedTools(mcpDeps, mcp);
  const { toolsFor, foresee, forget } = createToolShelf(db, createToolRunner(mcpDeps), {
    connected,
  });
  const schedules = scheduleByRuns(db);
  const knowledge = askKnowledge(searching);
  const records = findRecordsForRuns(db);
  const decisions = proposeFields(db);
  return {
    ...{ mcp, mcpDeps, toolsFor, foresee, forget },
    ownToolsFor: (run, { tools, memory }) => [
      ...[
        scheduleTool(schedules, run),
        requestApprovalTool,
        searchKnowledgeTool(knowledge, run),
        findRecordsTool(records, run),
        ...fieldTools(decisions, run),
        scriptTool({ db, connected }, run),
      ].filter(({ name }) => tools?.includes(name) === true),
      ...memoryTools(db, run, memory),
      ...attachmentTools({ db, reader: readers }, run),
    ],
    toolsOfContext: (context) => skillTools({ db, sandbox }, context?.skills ?? []),
  };
}
