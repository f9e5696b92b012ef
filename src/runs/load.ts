import type { AgentDefinition } from '../core/agent.ts';
import { imageTypeOf } from '../core/image.ts';
import type { ModelFile } from '../core/model-files.ts';
import type { ObjectStore } from '../core/object-store.ts';
import type { Run } from '../core/run.ts';
import type { RunContext } from '../core/run-context.ts';
import { readImages } from '../store/chat-uploads.ts';
import type { Database } from '../store/connect.ts';
import { readJournal } from '../store/journal.ts';
import type { JournalWriter } from '../store/journal-writer.ts';
import { keepFile, readSpill, writeSpill } from '../store/spills.ts';
import { readTestOfRun } from '../store/test-results.ts';
import { type AgentToolDeps, agentToolsFor } from '../tools/agent-tools.ts';
import { readOutputTool } from '../tools/read-output.ts';
import type { AgentTool } from '../tools/tool.ts';
import { needsApproval } from './approvals.ts';
import { approvalsIn } from './approvals-port.ts';
import { childRunsIn } from './child-runs-port.ts';
import { type ImagesOfRun, imageIdsOf } from './conversation-prompt.ts';
import type { Definitions } from './definitions.ts';
import { DrivenRun } from './driven-run.ts';
import { openContext } from './open-context.ts';
import { repliesIn } from './replies-port.ts';
import { contextIn } from './run-context.ts';
import { testedTool } from './test-tools.ts';

export interface LoadDeps extends AgentToolDeps {
  readonly db: Database;
  /** Where large outputs go; the database where there is none. */
  readonly objects?: ObjectStore | null;
  readonly writer: Pick<JournalWriter, 'submit'>;
  readonly definitions: Definitions;
  readonly toolsFor: (
    agent: {
      readonly workspaceId: string;
      readonly agentId: string;
      readonly definition: AgentDefinition;
    },
    runId: string,
  ) => Promise<readonly AgentTool[]>;
  /** Tools of ours that the agent names and that belong to this one run. */
  readonly ownToolsFor?: (run: Run, definition: AgentDefinition) => readonly AgentTool[];
  /** Tools for what the run is given, which only read; a test scripts none of them. */
  readonly toolsOfContext?: (context: RunContext | null) => readonly AgentTool[];
}

/** Takes a run into memory after its change of hands has committed (I3): its journal is read only now. */
export async function loadRun(deps: LoadDeps, run: Run): Promise<DrivenRun> {
  const saved = await deps.definitions(run);
  const definition =
    run.instructions === null ? saved : { ...saved, instructions: run.instructions };
  const [entries, tools, agents] = await Promise.all([
    run.lastSeq === 0 ? [] : readJournal(deps.db, run.id),
    deps.toolsFor({ workspaceId: run.workspaceId, agentId: run.agentId, definition }, run.id),
    agentToolsFor(deps, run, definition),
  ]);
  const inTest = await toolsInTest(deps, run);
  // Tools that wait for a person in this agent alone are like those that always do.
  const asAsked = (tool: AgentTool) =>
    needsApproval(definition, tool) ? { ...tool, requiresApproval: true } : tool;
  const own = [...agents, ...(deps.ownToolsFor?.(run, definition) ?? [])];
  const kept = contextIn(entries);
  const context = kept ?? (await openContext(deps.db, run, definition));
  return new DrivenRun({
    run,
    entries,
    definition,
    context,
    images: await imagesOf(deps.db, run),
    tools: [
      ...inTest(tools.map(asAsked), { mayBeReal: true }),
      // What these do is our own: other runs, which nobody of a test would look after.
      ...inTest(own, { mayBeReal: false }),
      ...(deps.toolsOfContext?.(context) ?? []),
      readOutputTool(deps, run.id),
    ],
    writer: deps.writer,
    children: childRunsIn(deps.db),
    approvals: approvalsIn(deps.db),
    replies: repliesIn(deps.db),
    spills: {
      write: (spill, signal) => writeSpill(deps, { ...spill, runId: run.id }, signal),
      keepFile: (file, signal) => keepFile(deps, { ...file, runId: run.id }, signal),
      read: async ({ spillId: id, sizeBytes: length }) =>
        (await readSpill(deps, { runId: run.id, id, offset: 0, length }))?.text ?? null,
    },
  });
}

/** Pictures of the conversation, told by their bytes, until there are enough. */
async function imagesOf(db: LoadDeps['db'], run: Run): Promise<ImagesOfRun> {
  const ids = imageIdsOf(run);
  const { conversationId } = run;
  if (ids.length === 0 || conversationId === null) return new Map();
  const found = await readImages(db, { conversationId, ids });
  const images = new Map<string, ModelFile>();
  let left = maxImageBytes;
  for (const id of ids) {
    const bytes = found.get(id);
    const mediaType = bytes === undefined ? null : imageTypeOf(bytes);
    if (bytes === undefined || mediaType === null || bytes.byteLength > left) continue;
    left -= bytes.byteLength;
    images.set(id, { name: null, mediaType, data: bytes.toString('base64') });
  }
  return images;
}

/** Of all pictures that a run is shown. */
const maxImageBytes = 20 * 1024 * 1024;

type InTest = (
  tools: readonly AgentTool[],
  how: { readonly mayBeReal: boolean },
) => readonly AgentTool[];

async function toolsInTest({ db }: Pick<LoadDeps, 'db'>, run: Run): Promise<InTest> {
  if (run.testRunId === null) return (tools) => tools;
  const test = await readTestOfRun(db, run.id);
  if (test === null) throw new Error(`The test that run ${run.id} belongs to does not exist.`);
  const tested = { db, runId: run.id, test };
  return (tools, how) => tools.map((tool) => testedTool(tested, tool, how));
}
