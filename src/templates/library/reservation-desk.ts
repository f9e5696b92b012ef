import type { Template } from '../template.ts';

export const reservationDesk: Template = {
  number: 1,
  slug: 'reservation-desk',
  name: 'Reservation desk',
  tagline: 'Answers guests about changes and cancellations of their stay.',
  description:
    'Prices stays, works out cancellation fees by the terms of the house, answers questions from its rules, and hands over what it may not decide.',
  category: 'Hospitality',
  popular: true,
  createdAt: '2026-11-22T00:00:00.000Z',
  updatedAt: '2026-11-22T00:00:00.000Z',
  agent: {
    name: 'Reservation desk',
    description: 'Answers guests about their reservation, and changes and cancellations of it.',
    instructions: `You answer for the reservation desk of a small hotel. The payload holds what the guest wrote and the reservation.

- Load the skill change-or-cancel before you say anything about changing or cancelling a stay.
- Work out prices and fees with the tools, never by yourself.
- Look up rules of the house with search_knowledge. What it does not hold you do not know: hand over to a colleague.
- Answer in a few friendly sentences, with the amounts that count.`,
    guardrails: [
      {
        title: 'No promises',
        knowledge: 'Promise no refund beyond what the cancellation terms give.',
      },
      { title: 'Privacy', knowledge: 'Say nothing about other guests.' },
    ],
    output_schema: [
      { name: 'fee', type: 'number', description: 'Fee in the currency of the stay.' },
    ],
    memory: { scope: 'agent', can_write: true },
    triggers: [{ name: 'A guest wrote', type: 'event', config: { event: 'reservation.message' } }],
    tools: ['cancellation-fee', 'stay-price', 'search_knowledge'],
  },
  tools: [
    {
      name: 'cancellation-fee',
      description: 'What cancelling a stay costs, by the terms of the house.',
      language: 'python',
      idempotent: true,
      has_effects: false,
      code: `from datetime import date


def main(check_in: str, cancelled_on: str, total: float):
    """Works out the fee for cancelling.

    Args:
        check_in: Day of arrival, YYYY-MM-DD.
        cancelled_on: Day of the cancellation, YYYY-MM-DD.
        total: Price of the whole stay.
    """
    days = (date.fromisoformat(check_in) - date.fromisoformat(cancelled_on)).days
    share = 0 if days >= 7 else 0.5 if days >= 2 else 1
    fee = round(total * share, 2)
    return {
        "message": f"Cancelling {days} days before arrival costs {fee:.2f}.",
        "rawData": {"days_before": days, "share": share, "fee": fee},
    }
`,
      example: {
        parameters: { check_in: '2026-05-10', cancelled_on: '2026-05-07', total: 300 },
        rawData: { days_before: 3, share: 0.5, fee: 150 },
      },
    },
    {
      name: 'stay-price',
      description: 'Nights and price of a stay.',
      language: 'javascript',
      idempotent: true,
      has_effects: false,
      code: `/**
 * @param {object} params
 * @param {string} params.check_in Day of arrival, YYYY-MM-DD.
 * @param {string} params.check_out Day of departure, YYYY-MM-DD.
 * @param {number} params.rate Price of a night.
 */
export async function main({ check_in, check_out, rate }) {
  const nights = Math.round((Date.parse(check_out) - Date.parse(check_in)) / 86_400_000);
  if (!(nights > 0)) throw new Error('check_out must be after check_in, both as YYYY-MM-DD');
  const total = Math.round(nights * rate * 100) / 100;
  return { message: nights + ' nights cost ' + total.toFixed(2) + '.', rawData: { nights, total } };
}
`,
      example: {
        parameters: { check_in: '2026-05-10', check_out: '2026-05-13', rate: 99.5 },
        rawData: { nights: 3, total: 298.5 },
      },
    },
  ],
  skills: [
    {
      files: {
        'SKILL.md': `---
name: change-or-cancel
description: Use it when a guest wants to change, shorten or cancel a stay, or asks what that costs.
allowed-tools: cancellation-fee stay-price search_knowledge recall remember
---

# Changing or cancelling a stay

1. Find arrival, departure and total in the reservation. If one is missing, ask for it and stop.
2. **Cancel**: call \`cancellation-fee\` with today's date from the payload. Tell the guest the fee before anything else.
3. **Change of dates**: call \`stay-price\` for the new dates. The difference is due or is returned; there is no fee for
   changes up to two days before arrival. Later changes are cancellations.
4. Illness, bereavement or a closed border: do not argue about the fee. Hand over with disposition \`escalated\`.
5. Sentences that work are in \`references/replies.md\`.
`,
        'references/replies.md': `# Replies

- **A fee is due.** "Cancelling today costs {fee}. Shall I go ahead?"
- **No fee.** "You can cancel free of charge until {date}. Shall I do it now?"
- **Handed over.** "I am sorry to hear that. A colleague looks at it today and writes to you."
`,
      },
    },
  ],
  knowledge: [
    {
      title: 'Cancellation terms',
      body: `# Cancellation terms

- Up to seven days before arrival: free of charge.
- Six to two days before arrival: half of the price of the stay.
- Later, and when nobody comes: the whole price.

Changes of dates are free up to two days before arrival, if there is room.
`,
    },
    {
      title: 'House rules',
      body: `# House rules

- Check-in from 15:00, check-out until 11:00. Late check-out until 14:00 costs 20.
- Breakfast from 7:00 to 10:30. Dogs are welcome for 12 a night.
- The car park is behind the house, 9 a day, first come, first served.
`,
    },
  ],
  tests: [
    {
      name: 'A cancellation three days before arrival costs half',
      payload: {
        today: '2026-05-07',
        message: 'I have to cancel my stay. What does that cost?',
        reservation: { check_in: '2026-05-10', check_out: '2026-05-13', total: 300 },
      },
      tools: {
        others: 'refuse',
        results: [
          {
            tool: 'cancellation-fee',
            result: {
              message: 'Cancelling 3 days before arrival costs 150.00.',
              rawData: { fee: 150 },
            },
          },
        ],
      },
      expect: {
        status: 'completed',
        tools_in_order: ['load_skill', 'cancellation-fee'],
        text: [{ contains: '150' }],
      },
    },
  ],
};
