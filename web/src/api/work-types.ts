import type { operations, paths } from '../../../client/generated/conduit.ts';
import type { Body, Data } from './types.ts';

// The API's types under the names of the pages where people work.

type Query<Path extends keyof paths> = paths[Path] extends {
  get: { parameters: { query?: infer Q } };
}
  ? Omit<NonNullable<Q>, 'limit' | 'cursor' | 'workspace_id'>
  : never;

type OptionalBody<Operation extends keyof operations> = operations[Operation] extends {
  requestBody?: { content: { 'application/json': infer B } };
}
  ? B
  : never;

export type Escalation = Data<'getEscalation'>;
export type EscalationFilters = Query<'/v1/escalations'>;
export type Approval = Data<'getApproval'>;
export type ApprovalFilters = Query<'/v1/approvals'>;
export type ApprovalAction = Body<'decideApproval'>['action'];
export type FieldDecision = Data<'getFieldDecision'>;
export type FieldDecisionFilters = Query<'/v1/field-decisions'>;
export type FieldDecisionChoice = Body<'decideField'>;
export type Conversation = Data<'getConversation'>;
export type ConversationFilters = Query<'/v1/conversations'>;
export type ConversationChange = OptionalBody<'updateConversation'>;
export type NodeChange = OptionalBody<'updateKnowledgeNode'>;
export type Message = Data<'listMessages'>[number];
export type Tag = Data<'listConversationTags'>[number];
export type Contact = Data<'getContact'>;
export type KnowledgeNode = Data<'getKnowledgeNode'>;
export type Passage = Data<'searchKnowledge'>[number];
export type KnowledgeGap = Data<'listKnowledgeGaps'>[number];
export type Skill = Data<'getSkill'>;
export type SkillFile = Data<'listSkillFiles'>[number];
export type ScheduledRun = Data<'getSchedule'>;
export type ScheduleFilters = Query<'/v1/schedules'>;
export type TriggerEventRow = Data<'listTriggerEvents'>[number];
export type TriggerEventFilters = Query<'/v1/trigger-events'>;
