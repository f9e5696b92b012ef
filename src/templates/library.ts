import { dailyReport } from './library/daily-report.ts';
import { itTicketTriage } from './library/it-ticket-triage.ts';
import { refundCheck } from './library/refund-check.ts';
import { reservationDesk } from './library/reservation-desk.ts';
import type { Template } from './template.ts';

/** What comes with the server, by number. */
export const templateLibrary: readonly Template[] = [
  reservationDesk,
  itTicketTriage,
  refundCheck,
  dailyReport,
];

/** The template by slug or number; null when there is none. */
export function findTemplate(slugOrNumber: string): Template | null {
  const isIt = ({ slug, number }: Template) =>
    slug === slugOrNumber || String(number) === slugOrNumber;
  return templateLibrary.find(isIt) ?? null;
}
