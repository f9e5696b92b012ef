import type { Agent } from '../../core/agent.ts';
import type { OfferedSkill } from '../../core/skill.ts';

// An agent's card. Fields that only clients of 0.3 read stand beside those of 1.0: neither minds the other's.

const scheme = {
  type: 'http',
  scheme: 'bearer',
  httpAuthSecurityScheme: { scheme: 'Bearer', description: 'A token that may write.' },
};

/** `url`: where its messages go. */
export function agentCard(agent: Agent, skills: readonly OfferedSkill[], url: string) {
  const { name, description } = agent.definition;
  return {
    name,
    description,
    version: String(agent.version),
    supportedInterfaces: [
      { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
    ],
    capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false },
    securitySchemes: { bearer: scheme },
    securityRequirements: [{ schemes: { bearer: { list: [] } } }],
    defaultInputModes: ['text/plain', 'application/json'],
    defaultOutputModes: ['text/plain', 'application/json'],
    skills: [
      { id: agent.id, name, description, tags: ['agent'] },
      ...skills.map((skill) => ({ ...pick(skill), tags: ['skill'] })),
    ],
    ...{ url, protocolVersion: '0.3.0', preferredTransport: 'JSONRPC', security: [{ bearer: [] }] },
  };
}

function pick({ id, name, description }: OfferedSkill) {
  return { id, name, description };
}
