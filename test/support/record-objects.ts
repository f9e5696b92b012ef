import { newId } from '../../src/core/ids.ts';
import { insertFieldDecision } from '../../src/store/field-decisions.ts';
import { insertScriptRun } from '../../src/store/script-runs.ts';
import { makeObject, type ObjectMaker, type ObjectOwner } from './object-maker.ts';

export interface RecordObjects {
  readonly reservation: string;
  readonly appointment: string;
  readonly call: string;
  /** Resolved, with a conversation. */
  readonly ticket: string;
  readonly helpdeskTicket: string;
  /** Proposed by the run: a technician for a ticket. */
  readonly fieldDecision: string;
  readonly scriptRun: string;
}

/** A record of every kind, what a run did with them, and a kind and an attribute of the workspace's own. */
export async function createRecordObjects(
  api: ObjectMaker,
  given: ObjectOwner & { readonly conversationId: string },
): Promise<RecordObjects> {
  const { workspaceId, agentId, runId, conversationId: conversation_id } = given;
  const record = async (kind: string, data: object) => {
    const records = [{ external_id: 'known', data: { ...data, note: runId } }];
    const path = `/v1/records/${kind}?workspace_id=${workspaceId}`;
    return (await makeObject(api, path, { records }))[0].id as string;
  };
  await record('end-companies', { psa_company_name: 'Known' });
  await record('technicians', { name: 'Ada' });
  // Two that the routes delete again.
  await api.request('PUT', `/v1/record-kinds/purchase-orders?workspace_id=${workspaceId}`, {
    token: api.tokens.admin,
    body: { fields: [{ name: 'status', type: 'string' }] },
  });
  await api.request('PUT', `/v1/custom-attributes/loyalty_tier?workspace_id=${workspaceId}`, {
    token: api.tokens.admin,
    body: { type: 'string' },
  });
  const fieldDecision = newId('fieldDecision');
  await insertFieldDecision(api.deps.db, {
    ...{ id: fieldDecision, workspaceId, agentId, runId, callKey: fieldDecision },
    ...{ purpose: 'dispatch', kind: 'psa-ticket', entityId: 'known', field: 'owner_id' },
    recordId: await record('psa-ticket', {}),
    ...{ isCustomField: false, shouldUpdate: true, currentJson: 'null', proposedJson: '"known"' },
    ...{ proposedOptionId: 'known', justification: 'Knows it.', options: [], status: 'proposed' },
  });
  const scriptRun = newId('scriptRun');
  await insertScriptRun(api.deps.db, {
    ...{ id: scriptRun, workspaceId, agentId, runId, callKey: scriptRun },
    ...{ scriptId: 'restart', scriptName: 'Restart', machineId: 'known', toolName: 'rmm__run' },
    inputJson: '{}',
  });
  return {
    reservation: await record('reservations', {}),
    appointment: await record('appointments', {}),
    call: await record('calls', {}),
    ticket: await record('tickets', { status: 'resolved', conversation_id }),
    helpdeskTicket: await record('helpdesk-tickets', {}),
    fieldDecision,
    scriptRun,
  };
}
