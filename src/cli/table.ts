import { clipped, columnsOf, padded } from './columns.ts';
import { sanitizedLine } from './sanitized.ts';
import type { Terminal } from './terminal.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly align?: 'left' | 'right';
  /** Colours the cell, which is of its final width already. */
  readonly paint?: (cell: string, row: T) => string;
  /** The one column that is cut when the table is too wide for the terminal. */
  readonly shrinks?: boolean;
}

/** Rows under a line of titles, or what to say when there are none. */
export function printTable<T>(
  terminal: Terminal,
  table: {
    readonly columns: readonly Column<T>[];
    readonly rows: readonly T[];
    readonly empty: string;
  },
): void {
  const { columns, rows } = table;
  if (rows.length === 0) {
    terminal.line(terminal.style.dim(table.empty));
    return;
  }
  const cells = rows.map((row) => columns.map((column) => sanitizedLine(column.value(row))));
  const widths = widthsOf(columns, cells, terminal);
  const titles = columns.map((column, at) => aligned(column, column.title, widths[at] ?? 0));
  terminal.line(terminal.style.dim(titles.join('  ').trimEnd()));
  rows.forEach((row, index) => {
    const line = columns.map((column, at) => {
      const cell = aligned(column, cells[index]?.[at] ?? '', widths[at] ?? 0);
      return column.paint === undefined ? cell : column.paint(cell, row);
    });
    terminal.line(line.join('  ').trimEnd());
  });
}

function widthsOf<T>(
  columns: readonly Column<T>[],
  cells: readonly (readonly string[])[],
  terminal: Terminal,
): number[] {
  const widths = columns.map((column, at) =>
    Math.max(columnsOf(column.title), ...cells.map((row) => columnsOf(row[at] ?? ''))),
  );
  // A pipe has no width: programs read whole cells there.
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (!terminal.isInteractive || total <= terminal.width) return widths;
  return widths.map((width, at) =>
    columns[at]?.shrinks ? Math.max(8, width - (total - terminal.width)) : width,
  );
}

function aligned<T>(column: Column<T>, cell: string, width: number): string {
  const cut = clipped(cell, width);
  if (column.align !== 'right') return padded(cut, width);
  return ' '.repeat(Math.max(0, width - columnsOf(cut))) + cut;
}
