import { isDeepStrictEqual } from 'node:util';
import { createTestCase, plainCase } from '../agent-tests/test-cases.ts';
import { testCaseFields } from '../agent-tests/test-input.ts';
import type { AgentDeps } from '../agents/agent-deps.ts';
import { agentInputSchema, newDefinition } from '../agents/agent-input.ts';
import { createAgent } from '../agents/save-agent.ts';
import type { Agent } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import type { SkillFileContent } from '../core/skill.ts';
import { validate } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { createNode, type KnowledgeDeps } from '../knowledge/nodes.ts';
import { checkSkillFiles, hashSkillFiles } from '../skills/skill-files.ts';
import { createSkill, plainExtras } from '../skills/skills.ts';
import { findAgentIdsByName, getAgent } from '../store/agents.ts';
import { withinTransaction } from '../store/connect.ts';
import { getCustomTool, listAllCustomTools } from '../store/custom-tools.ts';
import { findNodeBySource, lockSpace } from '../store/kb-nodes.ts';
import { findSkillByName } from '../store/skills.ts';
import { listCasesOfAgent } from '../store/test-cases.ts';
import { requireWorkspace } from '../store/workspaces.ts';
import { type CustomToolDeps, createCustomTool } from '../tools/custom-tools.ts';
import type { Template } from './template.ts';

// A template becomes an agent with all that it needs, in one transaction: all of it or nothing. What is there
// under the name already, and is the same, is kept; what is there and differs is a clash, and nobody's work is
// written over.

export interface TemplateDeps extends CustomToolDeps {
  readonly agents: AgentDeps;
  readonly knowledge: KnowledgeDeps;
}

export interface InstalledPart {
  readonly kind: 'tool' | 'skill' | 'knowledge' | 'agent' | 'test';
  readonly id: string;
  readonly name: string;
  readonly outcome: 'created' | 'kept';
}

/** Installs the template. Throws `conflict` that names what is there and differs, `invalid_workspace`. */
export async function installTemplate(
  deps: TemplateDeps,
  template: Template,
  of: { readonly scope: WorkspaceScope; readonly workspaceId: string },
): Promise<readonly InstalledPart[]> {
  const installed = await deps.db.transaction(
    async (tx) => {
      await requireWorkspace(tx, of.scope, of.workspaceId);
      // Two installs at once are made one after the other.
      await lockSpace(tx, of.workspaceId);
      const db = withinTransaction(tx);
      const knowledge = { db, nudge: () => undefined };
      const within = { ...deps, db, agents: { ...deps.agents, db }, knowledge };
      const parts = new Parts();
      await installTools(within, template, { ...of, parts });
      const skillIds = await installSkills(within, template, { ...of, parts });
      await installKnowledge(within, template, { ...of, parts });
      const agent = await installAgent(within, template, { ...of, parts, skillIds });
      parts.refuseClashes(template);
      if (agent !== null) await installTests(within, template, { agent, parts });
      return parts.all;
    },
    { transactionTimeoutMs: 60_000 },
  );
  deps.knowledge.nudge();
  return installed;
}

interface Installing {
  readonly scope: WorkspaceScope;
  readonly workspaceId: string;
  readonly parts: Parts;
}

class Parts {
  readonly all: InstalledPart[] = [];
  readonly #clashes: string[] = [];

  add(kind: InstalledPart['kind'], part: { readonly id: string; readonly name: string }): void {
    this.all.push({ kind, id: part.id, name: part.name, outcome: 'created' });
  }

  /** There is one of the name already. */
  found(
    kind: InstalledPart['kind'],
    part: { readonly id: string; readonly name: string; readonly isSame: boolean },
  ): void {
    this.all.push({ kind, id: part.id, name: part.name, outcome: 'kept' });
    if (!part.isSame) this.#clashes.push(`${kind} "${part.name}" (${part.id})`);
  }

  refuseClashes(template: Template): void {
    if (this.#clashes.length === 0) return;
    const list = this.#clashes.join(', ');
    throw new ApiError(
      'conflict',
      `The template "${template.slug}" was not installed: the workspace has ${list} already, and not as in the template. Rename or delete what is there.`,
      {
        details: Object.fromEntries(this.#clashes.map((clash) => [clash, 'is there and differs'])),
      },
    );
  }
}

async function installTools(deps: TemplateDeps, { tools }: Template, to: Installing) {
  const { scope, workspaceId, parts } = to;
  const there = await listAllCustomTools(deps.db, workspaceId);
  for (const { example: _, ...tool } of tools) {
    const found = there.find(({ name }) => name === tool.name);
    if (found === undefined) {
      parts.add(
        'tool',
        await createCustomTool(deps, scope, { ...tool, workspace_id: workspaceId }),
      );
      continue;
    }
    const stored = await getCustomTool(deps.db, scope, found.id);
    const isSame = stored?.code === tool.code && stored.language === tool.language;
    parts.found('tool', { ...found, isSame });
  }
}

async function installSkills(deps: TemplateDeps, { skills }: Template, to: Installing) {
  const { scope, workspaceId, parts } = to;
  const ids: string[] = [];
  for (const skill of skills) {
    const files = filesOf(skill.files);
    const { name } = checkSkillFiles(files);
    const found = await findSkillByName(deps.db, workspaceId, name);
    if (found === null) {
      const made = await createSkill(deps, { ...plainExtras, scope, workspaceId, files });
      parts.add('skill', made);
      ids.push(made.id);
      continue;
    }
    parts.found('skill', { ...found, isSame: found.hash === hashSkillFiles(files) });
    ids.push(found.id);
  }
  return ids;
}

async function installKnowledge(deps: TemplateDeps, template: Template, to: Installing) {
  const { workspaceId, parts } = to;
  for (const { title, body } of template.knowledge) {
    const sourceId = `${template.slug}/${title}`;
    const source = 'template';
    const found = await findNodeBySource(deps.db, { workspaceId, source, sourceId });
    // Texts are there to be replaced by one's own: a changed one is no clash.
    if (found !== null) {
      parts.found('knowledge', { id: found.id, name: found.title, isSame: true });
      continue;
    }
    const made = await createNode(deps.knowledge, {
      ...{ workspaceId, title, body, source, sourceId },
      ...{ isDirectory: false, file: null, sourceType: 'markdown', parentId: null },
      ...{ chunkBody: true, entityIds: [], tags: [template.slug], metadataJson: '{}' },
      ...{ enabled: true, language: null, createdBy: null },
    });
    parts.add('knowledge', { id: made.id, name: made.title });
  }
}

async function installAgent(
  deps: TemplateDeps,
  { agent }: Template,
  to: Installing & { readonly skillIds: readonly string[] },
): Promise<Agent | null> {
  const { scope, workspaceId, parts, skillIds } = to;
  const input = {
    ...agent,
    workspace_id: workspaceId,
    tools: [...agent.tools],
    skill_ids: [...skillIds],
  };
  const [id] = await findAgentIdsByName(deps.db, workspaceId, agent.name);
  const found = id === undefined ? null : await getAgent(deps.db, scope, id);
  if (found === null) {
    const made = await createAgent(deps.agents, scope, input);
    parts.add('agent', { id: made.id, name: made.definition.name });
    return made;
  }
  const wanted = newDefinition(validate(agentInputSchema, input));
  const isSame = isDeepStrictEqual(plain(found.definition), plain(wanted));
  parts.found('agent', { id: found.id, name: found.definition.name, isSame });
  return found;
}

async function installTests(
  deps: TemplateDeps,
  { tests }: Template,
  to: { readonly agent: Agent; readonly parts: Parts },
) {
  const there = await listCasesOfAgent(deps.db, to.agent.id);
  for (const { payload, ...rest } of tests) {
    const found = there.find(({ name }) => name === rest.name);
    if (found !== undefined) {
      to.parts.found('test', { id: found.id, name: found.name, isSame: true });
      continue;
    }
    const made = await createTestCase(deps.db, {
      agent: to.agent,
      fields: validate(testCaseFields, rest),
      payloadJson: JSON.stringify(payload),
      from: { definition: plainCase },
      fromRunId: null,
    });
    to.parts.add('test', { id: made.id, name: made.name });
  }
}

/** Guardrails have ids that the server made. */
function plain(definition: Agent['definition']): unknown {
  const guardrails = definition.guardrails.map(({ title, knowledge }) => ({ title, knowledge }));
  return JSON.parse(JSON.stringify({ ...definition, guardrails }));
}

function filesOf(files: Readonly<Record<string, string>>): readonly SkillFileContent[] {
  return Object.entries(files).map(([path, content]) => ({
    ...{ path, content: Buffer.from(content), isExecutable: false },
  }));
}
