import type { RecordKind } from '../core/record.ts';
import { fields, filters, plain } from './describe-fields.ts';

// Kinds of what integrations tell of themselves and of the systems that they speak for.

export const integrationKinds: readonly RecordKind[] = [
  {
    ...plain,
    name: 'sync-runs',
    description: 'Synchronisations, as the integrations that do them tell.',
    fields: fields(
      {
        integration: 'string',
        started_at: 'datetime',
        finished_at: 'datetime',
        error: 'string',
        dashboard_message: 'string',
        activities: 'array',
      },
      {
        integration: { required: true },
        started_at: { required: true },
        activities: {
          description: 'Each with `activity_label`, `synced_count`, `total_count`, `failures`.',
        },
      },
    ),
    filters: filters('integration'),
    orderBy: 'started_at',
    externalIdField: 'run_id',
  },
  {
    ...plain,
    name: 'phone-numbers',
    description: 'Numbers that a telephony service answers for the workspace.',
    fields: fields(
      {
        phone_number: 'string',
        display_name: 'string',
        agent_id: 'string',
        psa_settings: 'object',
        agent_settings: 'object',
      },
      { phone_number: { required: true } },
    ),
    filters: filters('phone_number', 'agent_id'),
    orderBy: null,
  },
  {
    ...plain,
    name: 'rmm-scripts',
    description: 'Scripts that agents may have run on machines, once people approve.',
    fields: fields(
      {
        name: 'string',
        description: 'string',
        tool: 'string',
        machine_argument: 'string',
        arguments: 'object',
        is_enabled: 'boolean',
      },
      {
        name: { required: true },
        tool: {
          required: true,
          description: 'The tool of an MCP server or OpenAPI document that runs it: `rmm__run`.',
        },
        machine_argument: {
          description:
            'The tool’s argument for the machine’s id: `machine_id`, or a place in one, such as `body.machine`.',
        },
        arguments: {
          description:
            'Fixed arguments of the tool, which no model changes; to objects it may add what they do not name.',
        },
        is_enabled: { description: 'False: it is not run.' },
      },
    ),
    filters: filters('tool'),
    orderBy: null,
  },
];
