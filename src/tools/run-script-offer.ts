export const runScriptToolName = 'run_script';

/** What models and people are told of it. */
export const runScriptOffer = {
  description:
    'Has a script run on a machine, once a person has approved it. Scripts are records of the kind rmm-scripts, machines of the kind psa-configuration: find_records finds both.',
  inputSchema: {
    type: 'object',
    properties: {
      script_id: { type: 'string', description: 'What its system calls the script.' },
      machine_id: { type: 'string', description: 'What its system calls the machine.' },
      arguments: { type: 'object', description: 'What the script takes beside the machine.' },
    },
    required: ['script_id', 'machine_id'],
    additionalProperties: false,
  },
} as const;
