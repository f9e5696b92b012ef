import type { AgentDefinition, ToolPin } from '../core/agent.ts';
import type { CustomTool } from '../core/custom-tool.ts';
import type { HttpToolSettings } from '../core/http-tool.ts';
import type { ToolSource } from '../core/tool-source.ts';
import type { Queryable } from '../store/connect.ts';
import { readMarkedTools } from '../store/custom-tools.ts';
import { GroupRead } from '../store/group-read.ts';
import { readHttpTools } from '../store/http-tools.ts';
import { KeptReads } from '../store/kept-reads.ts';
import { listToolMarks, type ToolMark } from '../store/tool-marks.ts';
import { readMarkedSources } from '../store/tool-sources.ts';
import { getToolVersion, type ToolVersion } from '../store/tool-versions.ts';
import { customAgentTool } from './custom.ts';
import { belongsToSource } from './sources/tool-names.ts';
import type { AgentTool } from './tool.ts';
import type { ToolRunner } from './tool-runner.ts';

// Tools as runs get them. Which there are, and whether each is still as it was, is asked of the database for
// every run (many at once in one query); a row is read again only when it changed.

export interface ToolShelf {
  /**
   * The tools that the agent may call: the globally enabled ones and those it names. By name. `runId`: the run
   * for which they may have been foreseen.
   */
  toolsFor(agent: ShelfAgent, runId?: string): Promise<readonly AgentTool[]>;
  /**
   * Asks, beside the commit that creates a run, which tools there are; kept until its tools are asked for, and good
   * for a quarter of a second.
   */
  foresee(run: { readonly id: string; readonly workspaceId: string }): void;
  /** The run is not driven here, or no more. */
  forget(runId: string): void;
}

export interface ShelfAgent {
  readonly workspaceId: string;
  /** Hosts of `http_request` may be open to some agents only. */
  readonly agentId?: string;
  readonly definition: Pick<AgentDefinition, 'tools' | 'tool_pins'>;
}

/** What makes tools of more than code; a server without it has none of them. */
export interface ConnectedTools {
  sourceTools(source: ToolSource): readonly AgentTool[];
  httpTool(settings: HttpToolSettings, agentId: string): AgentTool | null;
}

interface Kept {
  readonly mark: string;
  readonly toolsFor: (agent: ShelfAgent) => readonly AgentTool[];
  /** Of a custom tool: the row. */
  readonly tool?: CustomTool;
}

interface Foreseen {
  readonly since: number;
  /** Null: the reading failed. */
  readonly marks: Promise<readonly ToolMark[] | null>;
}

/** A commit takes milliseconds; one that hangs must not give a run tools that were taken away meanwhile. */
const foreseenForMs = 250;

type Readers = Readonly<Record<ToolMark['kind'], GroupRead<string, Kept | null>>>;

/** `maxKept`: rows in memory at most; others are read again. */
export function createToolShelf(
  db: Queryable,
  runner: ToolRunner,
  options: { readonly maxKept?: number; readonly connected?: ConnectedTools } = {},
): ToolShelf {
  const { maxKept = 1_000, connected } = options;
  const kept = new Map<string, Kept>();
  const marks = new GroupRead<string, readonly ToolMark[]>({
    read: async (workspaceIds) => {
      const found = Map.groupBy(await listToolMarks(db, workspaceIds), (mark) => mark.workspaceId);
      return workspaceIds.map((id) => found.get(id) ?? []);
    },
  });
  const foreseen = new Map<string, Foreseen>();
  const marksFor = async (workspaceId: string, runId: string | undefined) => {
    const early = runId === undefined ? undefined : foreseen.get(runId);
    if (runId !== undefined) foreseen.delete(runId);
    const isGood = early !== undefined && performance.now() - early.since < foreseenForMs;
    return (isGood ? await early.marks : null) ?? (await marks.read(workspaceId));
  };
  const readers = readersOf(db, runner, connected);
  const versions = new KeptReads<ToolVersion>(maxKept);
  const take = async ({ kind, id, mark }: ToolMark): Promise<Kept | null> => {
    const key = `${kind} ${id}`;
    const known = kept.get(key);
    if (known?.mark === mark) return known;
    const read = await readers[kind].read(id);
    if (read === null) return null;
    kept.delete(key);
    kept.set(key, read);
    const oldest = kept.size > maxKept ? kept.keys().next() : null;
    if (oldest !== null && !oldest.done) kept.delete(oldest.value);
    return read;
  };
  /** The tool as it was; what decides whether and where to it may be called is as it is now. */
  const pinnedTool = async (tool: CustomTool, pin: ToolPin): Promise<CustomTool> => {
    if (pin.version === tool.version) return { ...tool, ...pin };
    const key = { toolId: tool.id, version: pin.version };
    const { language, code } = await versions.get(`${key.toolId} ${key.version}`, () =>
      requireVersion(db, key),
    );
    return { ...tool, ...pin, language, code };
  };
  return {
    foresee({ id, workspaceId }) {
      // What went wrong is met by whoever asks again.
      const read = marks.read(workspaceId).catch(() => null);
      foreseen.set(id, { since: performance.now(), marks: read });
    },
    forget: (runId) => foreseen.delete(runId),
    async toolsFor(agent, runId) {
      const { tools: named, tool_pins: pins } = agent.definition;
      const callable = (await marksFor(agent.workspaceId, runId)).filter(
        (mark) =>
          (mark.kind === 'custom' || connected !== undefined) &&
          (mark.enableGlobally || isNamed(mark, named ?? [])) &&
          (mark.kind !== 'custom' || pins === undefined || pins[mark.id] !== undefined),
      );
      const found = await Promise.all(
        callable.map(async (mark) => {
          const one = await take(mark);
          const pin = mark.kind === 'custom' ? pins?.[mark.id] : undefined;
          return pin === undefined || one?.tool === undefined
            ? (one?.toolsFor(agent) ?? [])
            : [customAgentTool(runner, await pinnedTool(one.tool, pin))];
        }),
      );
      return found.flat();
    },
  };
}

async function requireVersion(
  db: Queryable,
  key: Pick<ToolVersion, 'toolId' | 'version'>,
): Promise<ToolVersion> {
  const version = await getToolVersion(db, key);
  if (version === null) throw new Error(`Tool ${key.toolId} has no version ${key.version}.`);
  return version;
}

function isNamed({ kind, name }: ToolMark, named: readonly string[]): boolean {
  return kind === 'source'
    ? named.some((tool) => belongsToSource(tool, name))
    : named.includes(name);
}

function readersOf(
  db: Queryable,
  runner: ToolRunner,
  connected: ConnectedTools | undefined,
): Readers {
  const reader = (read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Kept>>) =>
    new GroupRead<string, Kept | null>({
      read: async (ids) => {
        const found = await read(ids);
        return ids.map((id) => found.get(id) ?? null);
      },
    });
  return {
    custom: reader(async (ids) => {
      const rows = await readMarkedTools(db, ids);
      return new Map(
        rows.map(({ tool, mark }) => {
          const tools = [customAgentTool(runner, tool)];
          return [tool.id, { mark, toolsFor: () => tools, tool }];
        }),
      );
    }),
    source: reader(async (ids) => {
      const rows = await readMarkedSources(db, ids);
      return new Map(
        rows.map(({ source, mark }) => [source.id, { mark, toolsFor: chosen(source, connected) }]),
      );
    }),
    http: reader(async (ids) => {
      const rows = await readHttpTools(db, ids);
      return new Map(
        rows.map(({ settings, mark }) => {
          const toolsFor = ({ agentId = '' }: ShelfAgent) => {
            const tool = connected?.httpTool(settings, agentId) ?? null;
            return tool === null ? [] : [tool];
          };
          return [settings.workspaceId, { mark, toolsFor }];
        }),
      );
    }),
  };
}

function chosen(source: ToolSource, connected: ConnectedTools | undefined): Kept['toolsFor'] {
  const tools = connected?.sourceTools(source) ?? [];
  return ({ definition }) =>
    source.enableGlobally
      ? tools
      : tools.filter(({ name }) => definition.tools?.includes(name) === true);
}
