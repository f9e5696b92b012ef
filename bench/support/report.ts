import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = fileURLToPath(new URL('../../docs/bench/', import.meta.url));

/** Prints the page and writes it to `docs/bench/<name>.md`. */
export async function publish(name: string, page: string): Promise<void> {
  const path = join(docs, `${name}.md`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, page);
  console.log(page);
}

export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** How busy the machine is with other work; to be asked before the measurement begins. */
export function loadBefore(): number {
  return loadavg()[0] ?? 0;
}

/** When, on what, and how loaded it was: figures mean nothing without it. */
export function circumstances(
  loadAtStart: number,
  facts: Readonly<Record<string, string>>,
): string {
  const processors = cpus();
  const lines = {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    machine: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    'load before the start': loadAtStart.toFixed(1),
    Node: process.version,
    ...facts,
  };
  const list = Object.entries(lines)
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n');
  if (loadAtStart < 1) return list;
  return `${list}\n\n**The machine was busy with other work: times and rates are those of a busy machine. Only CPU a run, where\nit is given, can be compared with other days.**`;
}

/** Three significant figures: the rest is noise. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const scale = 10 ** Math.min(digits, 3);
  const rounded = digits > 0 ? Math.round(value * scale) / scale : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
