import type { Command } from 'commander';
import { registerAgentsCommands } from './commands/agents.ts';
import { registerAlertsCommands } from './commands/alerts.ts';
import { registerApprovalsCommands } from './commands/approvals.ts';
import { registerAuditCommands } from './commands/audit.ts';
import { registerBackupCommand } from './commands/backup.ts';
import { registerBudgetsCommands } from './commands/budgets.ts';
import { registerChatCommand } from './commands/chat.ts';
import { registerCompletionCommand } from './commands/completion.ts';
import { registerDemoCommand } from './commands/demo.ts';
import { registerEventsCommands } from './commands/events.ts';
import { registerFilesCommands } from './commands/files.ts';
import { registerInboxCommands } from './commands/inbox.ts';
import { registerKbCommands } from './commands/kb.ts';
import { registerMcpCommands } from './commands/mcp.ts';
import { registerMembersCommands } from './commands/members.ts';
import { registerMemoriesCommands } from './commands/memories.ts';
import { registerModelsCommands } from './commands/models.ts';
import { registerNotificationsCommands } from './commands/notifications.ts';
import { registerOperationCommands } from './commands/operations.ts';
import { registerPricesCommands } from './commands/prices.ts';
import { registerProfilesCommands } from './commands/profiles.ts';
import { registerRetentionCommands } from './commands/retention.ts';
import { registerRunCommand } from './commands/run.ts';
import { registerRunsCommands } from './commands/runs.ts';
import { registerSchedulesCommands } from './commands/schedules.ts';
import { registerSkillsCommands } from './commands/skills.ts';
import { registerTemplatesCommands } from './commands/templates.ts';
import { registerTestsCommands } from './commands/tests.ts';
import { registerTokensCommands } from './commands/tokens.ts';
import { registerToolsCommands } from './commands/tools.ts';
import { registerTriggersCommands } from './commands/triggers.ts';
import { registerUsageCommand } from './commands/usage.ts';
import { registerWebhooksCommands } from './commands/webhooks.ts';
import { type GivenIo, processIo } from './io.ts';

/**
 * Adds every command that is a client of a server. Their errors are printed to standard error and set the
 * exit code; the actions themselves never reject.
 */
export function registerClientCommands(program: Command, given: GivenIo): void {
  const io = processIo(given);
  registerDemoCommand(program, io);
  registerRunCommand(program, io);
  registerChatCommand(program, io);
  registerRunsCommands(program, io);
  registerApprovalsCommands(program, io);
  registerInboxCommands(program, io);
  registerAgentsCommands(program, io);
  registerToolsCommands(program, io);
  registerTestsCommands(program, io);
  registerProfilesCommands(program, io);
  registerFilesCommands(program, io);
  registerKbCommands(program, io);
  registerSkillsCommands(program, io);
  registerMemoriesCommands(program, io);
  registerTemplatesCommands(program, io);
  registerMcpCommands(program, io);
  registerTriggersCommands(program, io);
  registerEventsCommands(program, io);
  registerWebhooksCommands(program, io);
  registerSchedulesCommands(program, io);
  registerTokensCommands(program, io);
  registerMembersCommands(program, io);
  registerNotificationsCommands(program, io);
  registerAuditCommands(program, io);
  registerUsageCommand(program, io);
  registerBudgetsCommands(program, io);
  registerRetentionCommands(program, io);
  registerModelsCommands(program, io);
  registerPricesCommands(program, io);
  registerAlertsCommands(program, io);
  registerBackupCommand(program, io);
  registerCompletionCommand(program, io);
  // Last: for what none of the others does.
  registerOperationCommands(program, io);
}
