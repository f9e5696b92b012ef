import type { Template } from '../template.ts';

export const itTicketTriage: Template = {
  number: 2,
  slug: 'it-ticket-triage',
  name: 'IT ticket triage',
  tagline: 'Gives every new ticket a priority, a category and a team.',
  description:
    'Reads a ticket, finds error codes in it, works out its priority by impact and urgency, looks for known issues, and says who should have it.',
  category: 'IT support',
  popular: true,
  createdAt: '2026-11-22T00:00:00.000Z',
  updatedAt: '2026-11-22T00:00:00.000Z',
  agent: {
    name: 'IT ticket triage',
    description:
      'Sorts new tickets: priority, category, team, and a first answer where one is known.',
    instructions: `A ticket was created. The payload holds its title, description and who sent it.

1. Load the skill triage and follow it.
2. Call find-error-codes on the description, and search_knowledge for every code and for the symptom.
3. Call ticket-priority with impact and urgency as the skill defines them.
4. Finish with \`output\` filled. Where a known issue has a fix, put it into the response; otherwise leave the response out.

Security incidents are never answered: disposition escalated, team security.`,
    output_schema: [
      {
        name: 'priority',
        enum: ['P1', 'P2', 'P3', 'P4'],
        description: 'As ticket-priority says.',
        is_required: true,
      },
      {
        name: 'category',
        enum: ['access', 'hardware', 'network', 'software', 'security'],
        description: 'What it is about.',
        is_required: true,
      },
      { name: 'team', type: 'string', description: 'Who should have it.', is_required: true },
    ],
    triggers: [
      { name: 'A ticket was created', type: 'event', config: { event: 'ticket.created' } },
    ],
    tools: ['ticket-priority', 'find-error-codes', 'search_knowledge'],
  },
  tools: [
    {
      name: 'ticket-priority',
      description: 'The priority of a ticket by impact and urgency.',
      language: 'python',
      idempotent: true,
      has_effects: false,
      code: `from typing import Literal

MATRIX = {
    ("company", "now"): "P1", ("company", "today"): "P1", ("company", "later"): "P2",
    ("team", "now"): "P1", ("team", "today"): "P2", ("team", "later"): "P3",
    ("person", "now"): "P2", ("person", "today"): "P3", ("person", "later"): "P4",
}


def main(impact: Literal["company", "team", "person"], urgency: Literal["now", "today", "later"]):
    """Looks the priority up.

    Args:
        impact: Who cannot work.
        urgency: When it must be solved.
    """
    priority = MATRIX[(impact, urgency)]
    return {"message": f"Priority {priority}.", "rawData": {"priority": priority}}
`,
      example: { parameters: { impact: 'team', urgency: 'now' }, rawData: { priority: 'P1' } },
    },
    {
      name: 'find-error-codes',
      description: 'Error codes in a text: Windows, HTTP and those of the form ABC-123.',
      language: 'javascript',
      idempotent: true,
      has_effects: false,
      code: `/**
 * @param {object} params
 * @param {string} params.text What to look in.
 */
export async function main({ text }) {
  const forms = [/\\b0x[0-9a-f]{8}\\b/gi, /\\b(?:HTTP|error) ?[45]\\d\\d\\b/gi, /\\b[A-Z]{2,6}-\\d{2,6}\\b/g];
  const codes = [...new Set(forms.flatMap((form) => text.match(form) ?? []))];
  return { message: codes.length === 0 ? 'No codes.' : codes.join(', '), rawData: { codes } };
}
`,
      example: {
        parameters: { text: 'Outlook says 0x8004010F, the page HTTP 503 and VPN-0812.' },
        rawData: { codes: ['0x8004010F', 'HTTP 503', 'VPN-0812'] },
      },
    },
  ],
  skills: [
    {
      files: {
        'SKILL.md': `---
name: triage
description: Use it for every ticket, before deciding impact, urgency, category and team.
---

# Triage

**Impact.** \`company\`: several teams, or anything that customers see. \`team\`: one team or site. \`person\`: one person.

**Urgency.** \`now\`: nobody concerned can work. \`today\`: they can, with a detour. \`later\`: a wish or a question.

**Category and team.**

| signs | category | team |
|---|---|---|
| password, locked out, permission | access | service desk |
| screen, dock, printer, battery | hardware | workplace |
| VPN, Wi-Fi, cannot reach | network | network |
| phishing, lost device, strange login | security | security |
| everything else | software | applications |

Somebody who clicked a link in a suspicious mail is \`security\`, whatever else the ticket says, and at least P2.
`,
      },
    },
  ],
  knowledge: [
    {
      title: 'Known issues',
      body: `# Known issues

## Outlook: 0x8004010F

The profile points to a data file that is gone. Fix: close Outlook, Control Panel → Mail → Show profiles → add a new
profile and make it the default.

## VPN-0812

The certificate on the laptop has expired. Fix: connect by cable in an office, or let the service desk push a new one.
`,
    },
  ],
  tests: [
    {
      name: 'A VPN that is down for a site is P1 for the network team',
      payload: {
        title: 'VPN down',
        description: 'Nobody in our office can connect: VPN-0812. We cannot work.',
        sender: 'j.doe',
      },
      tools: {
        others: 'refuse',
        results: [
          {
            tool: 'find-error-codes',
            result: { message: 'VPN-0812', rawData: { codes: ['VPN-0812'] } },
          },
          {
            tool: 'ticket-priority',
            result: { message: 'Priority P1.', rawData: { priority: 'P1' } },
          },
          { tool: 'search_knowledge', result: 'The certificate on the laptop has expired.' },
        ],
      },
      expect: {
        status: 'completed',
        tools_called: [{ tool: 'ticket-priority', arguments: { impact: 'team', urgency: 'now' } }],
        output: [
          { path: '/priority', equals: 'P1' },
          { path: '/category', equals: 'network' },
        ],
      },
    },
  ],
};
