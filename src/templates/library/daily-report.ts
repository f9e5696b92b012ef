import type { Template } from '../template.ts';

export const dailyReport: Template = {
  number: 4,
  slug: 'daily-report',
  name: 'Daily report',
  tagline: 'Sums up yesterday’s figures every working morning.',
  description:
    'Compares figures with the days before, points at what is out of the ordinary, and writes a short report in a fixed form. Give it a tool that reads your figures.',
  category: 'Operations',
  popular: false,
  createdAt: '2026-11-22T00:00:00.000Z',
  updatedAt: '2026-11-22T00:00:00.000Z',
  agent: {
    name: 'Daily report',
    description: 'Writes the morning report of yesterday’s figures.',
    instructions: `Write the report of the day before. Figures are in the payload (\`series\`: name → values, oldest first), or come from
the tools that you have for them. Without any figures, finish with no_op.

1. Load the skill report-format.
2. Call compare-figures for every series.
3. Lay the figures out with figures-table and write the report as the response.
4. Remember what was out of the ordinary, in one sentence with the date, so that tomorrow's report can refer to it.`,
    operation_mode: 'autopilot',
    memory: { scope: 'agent', can_write: true },
    triggers: [
      {
        name: 'Every working morning',
        type: 'cron',
        enabled: false,
        config: { expression: '0 7 * * 1-5', timezone: 'Europe/Berlin' },
      },
    ],
    tools: ['compare-figures', 'figures-table', 'search_knowledge'],
  },
  tools: [
    {
      name: 'compare-figures',
      description: 'The last value of a series beside those before it.',
      language: 'python',
      idempotent: true,
      has_effects: false,
      code: `from statistics import mean, pstdev


def main(values: list[float]):
    """Compares the last value with the ones before.

    Args:
        values: The series, oldest first; two values at least.
    """
    if len(values) < 2:
        raise ValueError("values must hold two numbers at least")
    *before, last = values
    usual, spread = mean(before), pstdev(before)
    change = None if usual == 0 else round((last - usual) / usual * 100, 1)
    unusual = spread > 0 and abs(last - usual) > 2 * spread
    shown = "no comparison" if change is None else f"{change:+.1f} %"
    return {
        "message": f"{last:g} ({shown}){', out of the ordinary' if unusual else ''}",
        "rawData": {"last": last, "usual": round(usual, 2), "change_percent": change, "unusual": unusual},
    }
`,
      example: {
        parameters: { values: [10, 12, 11, 22] },
        rawData: { last: 22, usual: 11, change_percent: 100, unusual: true },
      },
    },
    {
      name: 'figures-table',
      description: 'Rows as a Markdown table.',
      language: 'javascript',
      idempotent: true,
      has_effects: false,
      parameters: {
        columns: { type: 'array', items: { type: 'string' }, required: true },
        rows: {
          type: 'array',
          items: { type: 'array', items: { type: 'string' } },
          required: true,
        },
      },
      code: `export async function main({ columns, rows }) {
  const cell = (text) => String(text).replaceAll('|', '\\\\|').replaceAll('\\n', ' ');
  const line = (cells) => '| ' + cells.map(cell).join(' | ') + ' |';
  const table = [line(columns), '|' + '---|'.repeat(columns.length), ...rows.map(line)].join('\\n');
  return { message: table, rawData: { rows: rows.length } };
}
`,
      example: {
        parameters: { columns: ['Figure', 'Yesterday'], rows: [['Orders', '22']] },
        rawData: { rows: 1 },
      },
    },
  ],
  skills: [
    {
      files: {
        'SKILL.md': `---
name: report-format
description: Use it whenever you write a report of figures.
---

# The report

1. One sentence: how was the day? Name the one figure that matters most.
2. The table: figure, yesterday, usual, change.
3. **Out of the ordinary**: one line for each figure that \`compare-figures\` calls unusual, with what is known about why.
   Nothing unusual: leave this part out.
4. No advice, no guesses. A figure that is missing is "not available".
`,
      },
    },
  ],
  knowledge: [
    {
      title: 'What our figures mean',
      body: `# What our figures mean

- **Orders**: orders that were paid, by the day of payment.
- **Tickets**: tickets that were opened, without those that were merged.
- **First answer**: median minutes until the first answer, in business hours.

Mondays are about a third above the other days. Replace this text with your own.
`,
    },
  ],
  tests: [
    {
      name: 'A jump is called out of the ordinary',
      payload: { date: '2026-04-02', series: { orders: [10, 12, 11, 22] } },
      tools: {
        others: 'refuse',
        results: [
          {
            tool: 'compare-figures',
            result: { message: '22 (+100.0 %), out of the ordinary', rawData: { unusual: true } },
          },
          { tool: 'figures-table', result: '| Orders | 22 | 11 | +100.0 % |' },
          { tool: 'remember', result: 'Noted.' },
        ],
      },
      expect: {
        status: 'completed',
        tools_in_order: ['load_skill', 'compare-figures', 'figures-table'],
        text: [{ matches: '[Oo]ut of the ordinary' }],
      },
    },
  ],
};
