import type { Template } from '../template.ts';

export const refundCheck: Template = {
  number: 3,
  slug: 'refund-check',
  name: 'Refund check',
  tagline: 'Decides by the rules whether a return is refunded, and how much.',
  description:
    'Checks the return window and the condition of what comes back, works the amount out, answers the customer, and hands over what the rules do not cover.',
  category: 'Commerce',
  popular: false,
  createdAt: '2026-11-22T00:00:00.000Z',
  updatedAt: '2026-11-22T00:00:00.000Z',
  agent: {
    name: 'Refund check',
    description: 'Checks returns against the refund policy and answers the customer.',
    instructions: `A customer wants to return something. The payload holds the order, the items, and what the customer wrote.

Load the skill refund-policy first and do what it says. It decides; you do not. Amounts come from the tools. You never pay
anything out: you say what is due and why.`,
    output_schema: [
      {
        name: 'decision',
        enum: ['refund', 'partial_refund', 'no_refund', 'hand_over'],
        description: 'What is due.',
        is_required: true,
      },
      {
        name: 'amount',
        type: 'number',
        description: 'In the currency of the order.',
        is_required: true,
      },
    ],
    triggers: [{ name: 'A return was asked for', type: 'webhook', config: {} }],
    tools: ['return-window', 'refund-amount', 'search_knowledge'],
  },
  tools: [
    {
      name: 'return-window',
      description: 'Whether a return was asked for in time.',
      language: 'python',
      idempotent: true,
      has_effects: false,
      code: `from datetime import date, timedelta

DAYS = {"standard": 30, "electronics": 14, "hygiene": 0}


def main(delivered_on: str, asked_on: str, category: str = "standard"):
    """Checks the return window.

    Args:
        delivered_on: Day of the delivery, YYYY-MM-DD.
        asked_on: Day on which the customer asked, YYYY-MM-DD.
        category: standard, electronics or hygiene.
    """
    days = DAYS.get(category, DAYS["standard"])
    last = date.fromisoformat(delivered_on) + timedelta(days=days)
    in_time = days > 0 and date.fromisoformat(asked_on) <= last
    verdict = "in time" if in_time else "not in time"
    return {
        "message": f"The return is {verdict}.",
        "rawData": {"in_time": in_time, "last_day": last.isoformat(), "days": days},
    }
`,
      example: {
        parameters: { delivered_on: '2026-03-01', asked_on: '2026-03-31', category: 'standard' },
        rawData: { in_time: true, last_day: '2026-03-31', days: 30 },
      },
    },
    {
      name: 'refund-amount',
      description: 'What is due for items by their condition.',
      language: 'javascript',
      idempotent: true,
      has_effects: false,
      parameters: {
        items: {
          type: 'array',
          required: true,
          description: 'What comes back.',
          items: {
            type: 'object',
            properties: {
              price: { type: 'number', required: true },
              quantity: { type: 'integer', default: 1 },
              condition: {
                type: 'string',
                enum: ['new', 'opened', 'used', 'damaged'],
                required: true,
              },
            },
          },
        },
      },
      code: `const shares = { new: 1, opened: 0.9, used: 0.5, damaged: 0 };

export async function main({ items }) {
  const cents = items.reduce(
    (sum, { price, quantity = 1, condition }) => sum + Math.round(price * quantity * shares[condition] * 100),
    0,
  );
  const amount = cents / 100;
  return { message: 'Due: ' + amount.toFixed(2), rawData: { amount } };
}
`,
      example: {
        parameters: {
          items: [
            { price: 20, quantity: 2, condition: 'new' },
            { price: 10, quantity: 1, condition: 'opened' },
          ],
        },
        rawData: { amount: 49 },
      },
    },
  ],
  skills: [
    {
      files: {
        'SKILL.md': `---
name: refund-policy
description: Use it for every return, refund or complaint about goods, before deciding anything.
allowed-tools: return-window refund-amount search_knowledge
---

# Refund policy

1. Something arrived broken or wrong: hand over (\`hand_over\`, amount 0, disposition \`escalated\`). That is a warranty case.
2. Call \`return-window\` with the category of the items. Not in time: \`no_refund\`, and say what the last day was.
3. Call \`refund-amount\` with the condition that the customer describes. No condition given: ask for it
   (\`hand_over\`, disposition \`unresolved\`).
4. The whole price: \`refund\`. Less: \`partial_refund\`, and say which item was reduced and why.
5. More than 500: \`hand_over\`, with the amount that you found.
`,
      },
    },
  ],
  knowledge: [
    {
      title: 'Refund policy for customers',
      body: `# Refund policy

| goods | return window |
|---|---|
| most goods | 30 days from delivery |
| electronics | 14 days from delivery |
| opened hygiene goods | no return |

Unused goods are refunded whole, opened ones at 90 %, used ones at 50 %. The money is back within five working days of
the goods' arrival, on the card that paid.
`,
    },
  ],
  tests: [
    {
      name: 'Opened goods in time are refunded in part',
      payload: {
        asked_on: '2026-03-10',
        message: 'I opened it, but it does not fit.',
        order: { delivered_on: '2026-03-01', items: [{ price: 40, category: 'standard' }] },
      },
      tools: {
        others: 'refuse',
        results: [
          {
            tool: 'return-window',
            result: { message: 'The return is in time.', rawData: { in_time: true } },
          },
          { tool: 'refund-amount', result: { message: 'Due: 36.00', rawData: { amount: 36 } } },
        ],
      },
      expect: {
        status: 'completed',
        tools_in_order: ['load_skill', 'return-window', 'refund-amount'],
        output: [
          { path: '/decision', equals: 'partial_refund' },
          { path: '/amount', equals: 36 },
        ],
      },
    },
  ],
};
