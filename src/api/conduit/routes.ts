import type { Route } from '../route.ts';
import { pauseAgentRuns, resumeAgentRuns } from './agent-pause.ts';
import {
  addCandidate,
  enableAgentVersion,
  getVersion,
  listVersions,
  rollback,
} from './agent-versions.ts';
import { addAgent, getAgent, listAgents, removeAgent, updateAgent } from './agents.ts';
import { alertRoutes } from './alerts.ts';
import { approvalRoutes } from './approvals.ts';
import { auditRoutes } from './audit.ts';
import { getBackup } from './backup.ts';
import { budgetRoutes } from './budgets.ts';
import { channelRoutes } from './channels.ts';
import { contactRoutes } from './contacts.ts';
import { conversationTagRoutes } from './conversation-tags.ts';
import { conversationRoutes } from './conversations.ts';
import { explainCronExpression } from './cron.ts';
import {
  createTool,
  deleteTool,
  getTool,
  listRuntimes,
  listTools,
  patchTool,
} from './custom-tools.ts';
import { erasureRoutes } from './erasures.ts';
import { escalationRoutes } from './escalations.ts';
import { sendEvents } from './events.ts';
import { fieldDecisionRoutes } from './field-decisions.ts';
import { httpToolRoutes } from './http-tool.ts';
import { inboxTypeRoutes } from './inbox-types.ts';
import { listKnowledgeChunks } from './kb-chunks.ts';
import { knowledgeFileRoutes } from './kb-files.ts';
import { knowledgeGapRoutes } from './kb-gaps.ts';
import { knowledgeNodeRoutes } from './kb-nodes.ts';
import { knowledgeSearchRoutes } from './kb-search.ts';
import { knowledgeSettingsRoutes } from './kb-settings.ts';
import { listKnowledgeVersions } from './kb-versions.ts';
import { mcpAuthorizationRoutes } from './mcp-authorization.ts';
import { mcpServerRoutes } from './mcp-servers.ts';
import { memberRoutes } from './members.ts';
import { memoryRoutes } from './memories.ts';
import { messageRoutes } from './messages.ts';
import { modelRoutes } from './models.ts';
import { notificationPreferenceRoutes } from './notification-preferences.ts';
import { notificationRoutes } from './notifications.ts';
import { beginOidc, finishOidc } from './oidc-sign-in.ts';
import { openApiToolRoutes } from './openapi-tools.ts';
import { priceRoutes } from './prices.ts';
import { quotaRoutes } from './quotas.ts';
import { allRecordRoutes } from './record-routes.ts';
import { retentionRoutes } from './retention.ts';
import { getRoot } from './root.ts';
import { rotateTriggerSecret, rotateTriggerUrl } from './rotate-hook.ts';
import { cancelAgentRun, retryAgentRun } from './run-actions.ts';
import { runAgent } from './run-agent.ts';
import { runArtifactRoutes } from './run-artifacts.ts';
import { forkAgentRun, retryFailedAgentRuns } from './run-control.ts';
import { runTool } from './run-custom-tool.ts';
import { streamRunEvents } from './run-events.ts';
import { runFeedbackRoutes } from './run-feedback.ts';
import { getRunOutput } from './run-outputs.ts';
import { getRunStats } from './run-stats.ts';
import { getAgentRun, getRun, listAgentRuns, listRunSteps, listWorkspaceRuns } from './runs.ts';
import { scheduleRoutes } from './schedules.ts';
import { secretRoutes } from './secrets.ts';
import { endSession, startSession } from './session.ts';
import {
  changePassword,
  listSignInMethods,
  signInByInvitation,
  signInByPassword,
} from './sign-in.ts';
import { skillFileRoutes } from './skill-files.ts';
import { skillRoutes } from './skills.ts';
import { systemRoutes } from './system.ts';
import { templateRoutes } from './templates.ts';
import { testRunRoutes } from './test-runs.ts';
import { testRoutes } from './tests.ts';
import { tokenRoutes } from './tokens.ts';
import { toolRunRoutes } from './tool-runs.ts';
import { toolVersionRoutes } from './tool-versions.ts';
import { listNameable } from './tools.ts';
import { triggerEventRoutes } from './trigger-events.ts';
import { getUsage } from './usage.ts';
import { deliveryRoutes } from './webhook-deliveries.ts';
import { webhookRoutes } from './webhooks.ts';
import { workspaceRoutes } from './workspaces.ts';

/** Every route of Conduit's dialect. */
export const conduitRoutes: readonly Route[] = [
  getRoot,
  startSession,
  endSession,
  listSignInMethods,
  signInByPassword,
  signInByInvitation,
  changePassword,
  beginOidc,
  finishOidc,
  ...workspaceRoutes,
  ...quotaRoutes,
  ...inboxTypeRoutes,
  ...memberRoutes,
  ...auditRoutes,
  ...tokenRoutes,
  listAgents,
  addAgent,
  getAgent,
  updateAgent,
  removeAgent,
  listVersions,
  getVersion,
  addCandidate,
  enableAgentVersion,
  rollback,
  explainCronExpression,
  rotateTriggerSecret,
  rotateTriggerUrl,
  runAgent,
  sendEvents,
  ...triggerEventRoutes,
  listAgentRuns,
  getAgentRun,
  listRunSteps,
  streamRunEvents,
  getRunOutput,
  ...runArtifactRoutes,
  ...runFeedbackRoutes,
  cancelAgentRun,
  retryAgentRun,
  forkAgentRun,
  retryFailedAgentRuns,
  pauseAgentRuns,
  resumeAgentRuns,
  listWorkspaceRuns,
  getRunStats,
  getRun,
  listRuntimes,
  listTools,
  createTool,
  getTool,
  patchTool,
  deleteTool,
  runTool,
  ...toolRunRoutes,
  ...toolVersionRoutes,
  ...scheduleRoutes,
  ...approvalRoutes,
  ...escalationRoutes,
  ...fieldDecisionRoutes,
  listNameable,
  ...httpToolRoutes,
  ...mcpServerRoutes,
  ...openApiToolRoutes,
  ...mcpAuthorizationRoutes,
  ...testRunRoutes,
  ...testRoutes,
  ...skillFileRoutes,
  ...skillRoutes,
  ...memoryRoutes,
  ...templateRoutes,
  ...secretRoutes,
  ...modelRoutes,
  ...priceRoutes,
  ...alertRoutes,
  ...notificationPreferenceRoutes,
  ...notificationRoutes,
  ...knowledgeNodeRoutes,
  listKnowledgeChunks,
  listKnowledgeVersions,
  ...knowledgeFileRoutes,
  ...knowledgeGapRoutes,
  ...knowledgeSearchRoutes,
  ...knowledgeSettingsRoutes,
  ...webhookRoutes,
  ...deliveryRoutes,
  getUsage,
  ...budgetRoutes,
  ...retentionRoutes,
  ...systemRoutes,
  ...channelRoutes,
  ...contactRoutes,
  ...erasureRoutes,
  ...conversationRoutes,
  ...messageRoutes,
  ...conversationTagRoutes,
  ...allRecordRoutes,
  getBackup,
];
