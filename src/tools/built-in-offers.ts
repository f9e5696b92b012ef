import { httpToolName } from '../core/http-tool.ts';
import { findRecordsOffer, findRecordsToolName } from './find-records.ts';
import {
  proposeFieldOffer,
  proposeFieldToolName,
  proposeTechnicianOffer,
  proposeTechnicianToolName,
  updateFieldOffer,
  updateFieldToolName,
} from './propose-fields.ts';
import { requestApprovalOffer, requestApprovalToolName } from './request-approval.ts';
import { runScriptOffer, runScriptToolName } from './run-script-offer.ts';
import { scheduleOffer, scheduleToolName } from './schedule.ts';
import { searchKnowledgeOffer, searchKnowledgeToolName } from './search-knowledge.ts';

/** The built-in tools that an agent gets by naming them, `http_request` with its settings aside. */
export const builtInOffers = [
  { name: scheduleToolName, ...scheduleOffer, hasEffects: true },
  { name: requestApprovalToolName, ...requestApprovalOffer, hasEffects: false },
  { name: findRecordsToolName, ...findRecordsOffer, hasEffects: false },
  { name: searchKnowledgeToolName, ...searchKnowledgeOffer, hasEffects: false },
  { name: proposeFieldToolName, ...proposeFieldOffer, hasEffects: true },
  { name: updateFieldToolName, ...updateFieldOffer, hasEffects: true },
  { name: proposeTechnicianToolName, ...proposeTechnicianOffer, hasEffects: true },
  {
    name: runScriptToolName,
    ...runScriptOffer,
    ...{ hasEffects: true, idempotent: false, requiresApproval: true },
  },
] as const;

/** All names of built-in tools that an agent may have in its `tools`. */
export const builtInToolNames: readonly string[] = [
  httpToolName,
  ...builtInOffers.map(({ name }) => name),
];
