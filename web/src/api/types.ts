import type { operations, paths } from '../../../client/generated/conduit.ts';

// The API's own types under the names that pages use.

export type Data<Operation extends keyof operations> = operations[Operation] extends {
  responses: { 200: { content: { 'application/json': { data: infer D } } } };
}
  ? D
  : never;

export type Body<Operation extends keyof operations> = operations[Operation] extends {
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
export type Model = Data<'listModels'>[number];
export type ModelTest = Data<'testModel'>;
export type Price = Data<'listPrices'>[number];
export type McpServer = Data<'listMcpServers'>[number];
export type Channel = Data<'listChannels'>[number];
export type Webhook = Data<'listWebhooks'>[number];
export type Delivery = Data<'listWebhookDeliveries'>[number];
export type AlertRule = Data<'listAlerts'>[number];
export type NotificationPreference = Data<'listNotificationPreferences'>[number];
export type Notification = Data<'listNotifications'>[number];
export type Member = Data<'listWorkspaceUsers'>[number];
export type Quotas = Data<'getWorkspaceQuotas'>;
export type Retention = Data<'getRetention'>;
export type AuditEntry = Data<'listAuditEntries'>[number];
export type Usage = Data<'getUsage'>;
export type Budget = Data<'listBudgets'>[number];
export type TestCase = Data<'listTests'>[number];
export type TestRun = Data<'getTestRun'>;
export type TestRunRow = Data<'listTestRuns'>[number];
export type TestResult = Data<'listTestResults'>[number];
export type KnownTool = Data<'listTools'>[number];
export type ToolRun = Data<'listCustomToolRuns'>[number];
export type RunFilters = Omit<
  NonNullable<paths['/v1/runs']['get']['parameters']['query']>,
  'limit' | 'cursor' | 'workspace_id'
>;
