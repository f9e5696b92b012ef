import type { RecordFieldType, RecordKind } from '../core/record.ts';
import { fields, filters, plain } from './describe-fields.ts';

// Kinds of a service provider: its customers, its people, and what its PSA system knows.

/** What nearly every entity of a PSA system says of itself. */
const common: Readonly<Record<string, RecordFieldType>> = {
  name: 'string',
  number: 'string',
  description: 'string',
  status: 'string',
  company_id: 'string',
  owner_id: 'string',
  created_at: 'datetime',
};

const onTicket: Readonly<Record<string, RecordFieldType>> = { ticket_id: 'string' };

const ticket: Readonly<Record<string, RecordFieldType>> = {
  ...{ summary: 'string', priority: 'string', board: 'string', type: 'string', subtype: 'string' },
  ...{ contact_id: 'string', due_at: 'datetime', closed_at: 'datetime', custom_fields: 'object' },
};

/** By name of the entity type: what it has beside the common fields. */
const entities = {
  ticket,
  project_ticket: { ...ticket, project_id: 'string' },
  task: { ...onTicket, project_id: 'string', due_at: 'datetime' },
  scheduled_entry: { ...onTicket, start_at: 'datetime', end_at: 'datetime' },
  time_entry: {
    ...onTicket,
    start_at: 'datetime',
    end_at: 'datetime',
    hours: 'number',
    notes: 'string',
  },
  project: { start_at: 'datetime', end_at: 'datetime' },
  company: { phone: 'string', website: 'string', type: 'string' },
  contact: { email: 'string', phone: 'string' },
  resource: { email: 'string', is_active: 'boolean' },
  contract: { start_at: 'datetime', end_at: 'datetime', type: 'string' },
  opportunity: { amount: 'number', stage: 'string', close_at: 'datetime' },
  configuration: { type: 'string', serial_number: 'string' },
  note: { ...onTicket, text: 'string', is_internal: 'boolean' },
  team: {},
  role: {},
} as const satisfies Readonly<Record<string, Readonly<Record<string, RecordFieldType>>>>;

/** What the PSA dialect calls an entity: `ticket`, `time_entry`. */
export type EntityType = keyof typeof entities;

export const entityTypes = Object.keys(entities) as readonly EntityType[];

/** The kind of the records of an entity type: `psa-time-entries` for none but `time_entry`. */
export function kindOfEntity(type: EntityType): string {
  return `psa-${type.replaceAll('_', '-')}`;
}

export const psaKinds: readonly RecordKind[] = [
  {
    ...plain,
    name: 'end-companies',
    description: 'Customers of the service provider.',
    fields: fields(
      {
        psa_company_id: 'string',
        psa_company_name: 'string',
        tenant_id: 'string',
        custom_instructions: 'string',
        custom_instructions_for_user_facing_chat: 'string',
        employee_identity_provider: 'object',
        mailbox_provider: 'object',
        marketplace_company_ids: 'array',
        auto_assign_exchange_admin: 'boolean',
        azure_application_access_granted: 'boolean',
        azure_delegated_access_granted: 'boolean',
      },
      { psa_company_name: { required: true } },
    ),
    filters: filters('tenant_id', 'psa_company_name'),
    orderBy: null,
    externalIdField: 'psa_company_id',
  },
  {
    ...plain,
    name: 'technicians',
    description: 'People of the service provider who do the work.',
    fields: fields(
      {
        psa_technician_id: 'string',
        name: 'string',
        email: 'string',
        is_active: 'boolean',
        role: 'string',
        teams: 'array',
        user_id: 'string',
        timezone: 'string',
      },
      {
        name: { required: true },
        user_id: { description: 'The member of the workspace who this is.' },
      },
    ),
    filters: filters('email', 'is_active', 'role', 'user_id'),
    orderBy: null,
    externalIdField: 'psa_technician_id',
  },
  ...entityTypes.map((type): RecordKind => {
    const own: Readonly<Record<string, RecordFieldType>> = entities[type];
    return {
      ...plain,
      name: kindOfEntity(type),
      description: `Entities of the type ${type} of a PSA system.`,
      fields: fields({ ...common, ...own }),
      filters: filters(
        ...['status', 'company_id', 'owner_id', 'number'],
        ...['ticket_id', 'priority', 'board', 'email', 'project_id']
          .filter((name) => name in own)
          .slice(0, 2),
      ),
      orderBy: 'created_at',
    };
  }),
];
