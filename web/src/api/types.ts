import type { operations, paths } from '../../../client/generated/conduit.ts';

// The API's own types under the names that pages use.

type Data<Operation extends keyof operations> = operations[Operation] extends {
  responses: { 200: { content: { 'application/json': { data: infer D } } } };
}
  ? D
  : never;

type Body<Operation extends keyof operations> = operations[Operation] extends {
  requestBody: { content: { 'application/json': infer B } };
}
  ? B
  : never;

export type Agent = Data<'getAgent'>;
export type AgentVersion = Data<'getAgentVersion'>;
export type AgentInput = Body<'createAgent'>;
export type Tool = Data<'getCustomTool'>;
export type ToolInput = Body<'createCustomTool'>;
export type ToolResult = Data<'runCustomTool'>;
export type Runtime = Data<'listCustomToolRuntimes'>[number];
export type Run = Data<'getAgentRun'>;
export type RunRow = Data<'listRuns'>[number];
export type RunStats = Data<'getRunStats'>;
export type TriggerEvent = Data<'getTriggerEvent'>;
export type Step = Data<'listAgentRunSteps'>[number];
export type RunFilters = Omit<
  NonNullable<paths['/v1/runs']['get']['parameters']['query']>,
  'limit' | 'cursor' | 'workspace_id'
>;
