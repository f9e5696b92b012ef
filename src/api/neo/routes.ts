import type { Route } from '../route.ts';
import { getAgentStats } from './agent-stats.ts';
import { getAgentVersions, getVersionAt } from './agent-versions.ts';
import {
  createOneAgent,
  deleteOneAgent,
  disableAgent,
  enableAgent,
  getAgents,
  getOneAgent,
  updateOneAgent,
} from './agents.ts';
import { createApiKey, deleteApiKey, getApiKeys, rotateApiKey } from './api-keys.ts';
import { artifactRoutes } from './artifacts.ts';
import { billingRoutes } from './billing.ts';
import { callbackRoutes } from './callbacks.ts';
import { neoChannelRoutes } from './channels.ts';
import { chatAttachmentRoutes } from './chat-attachments.ts';
import { chatMessageRoutes } from './chat-messages.ts';
import { chatSessionRoutes } from './chat-sessions.ts';
import { chatStream } from './chat-stream.ts';
import { chatTokenRoutes } from './chat-tokens.ts';
import { dispatchRoutes } from './dispatch-decisions.ts';
import { companyRoutes } from './end-companies.ts';
import { escalate } from './escalate.ts';
import { cancelExecution, retryExecution } from './execution-commands.ts';
import { getExecutionEvents } from './execution-events.ts';
import { getExecution, getExecutions } from './executions.ts';
import { feedbackRoutes } from './feedback.ts';
import { getFieldUpdateAudit } from './field-update-audit.ts';
import { getHealth } from './health.ts';
import { getInbox } from './inbox.ts';
import { insightRoutes } from './insights.ts';
import { integrationRoutes } from './integrations.ts';
import { observabilityRoutes } from './observability.ts';
import { getPhoneNumbers } from './phone-numbers.ts';
import { rmmScriptRoutes } from './rmm-scripts.ts';
import { runAgentNow } from './run-now.ts';
import { scheduledWorkRoutes } from './scheduled-work.ts';
import { schemaRoutes } from './schemas.ts';
import { settingsRoutes } from './settings.ts';
import { sharedAgentRoutes } from './shared-agents.ts';
import { skillRoutes } from './skills.ts';
import { getExecutionSteps } from './steps.ts';
import { templateRoutes } from './templates.ts';
import { getTenant } from './tenant.ts';
import { tilRequestRoutes } from './til-requests.ts';

/** Every route of Neo's dialect. */
export const neoRoutes: readonly Route[] = [
  getAgents,
  getOneAgent,
  createOneAgent,
  updateOneAgent,
  deleteOneAgent,
  disableAgent,
  enableAgent,
  ...sharedAgentRoutes,
  getAgentVersions,
  getVersionAt,
  getAgentStats,
  runAgentNow,
  getExecutions,
  getExecution,
  getExecutionSteps,
  ...artifactRoutes,
  ...feedbackRoutes,
  getExecutionEvents,
  getFieldUpdateAudit,
  cancelExecution,
  retryExecution,
  ...dispatchRoutes,
  ...scheduledWorkRoutes,
  ...tilRequestRoutes,
  ...chatSessionRoutes,
  ...chatMessageRoutes,
  chatStream,
  ...chatTokenRoutes,
  ...chatAttachmentRoutes,
  ...callbackRoutes,
  ...skillRoutes,
  ...templateRoutes,
  ...schemaRoutes,
  getApiKeys,
  createApiKey,
  deleteApiKey,
  rotateApiKey,
  getTenant,
  ...settingsRoutes,
  ...companyRoutes,
  ...observabilityRoutes,
  ...billingRoutes,
  ...rmmScriptRoutes,
  escalate,
  ...neoChannelRoutes,
  ...integrationRoutes,
  getInbox,
  ...insightRoutes,
  getPhoneNumbers,
  getHealth,
];
