import { z } from '@hono/zod-openapi';
import type { RecordKind } from '../../core/record.ts';
import { builtInKind } from '../../records/kinds.ts';
import { listRecordsOf } from '../../records/list.ts';
import { requireRecord } from '../../records/require-record.ts';
import { requireContact } from '../../store/contacts.ts';
import { listed, ok } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';
import { idParam, listQuery, ofObject } from './fields.ts';
import { order } from './inbox-fields.ts';
import { recordShape, showRecord } from './record-view.ts';

// Reservations, appointments, calls and tickets, each at its documented place: records of a built-in kind. What
// differs between them is in this table and in their kinds.

interface Entity {
  readonly kind: string;
  /** As it is called in sentences and operations: one, and many. */
  readonly one: string;
  readonly many: string;
  readonly filters: readonly string[];
  readonly description?: string;
}

const entities: readonly Entity[] = [
  {
    kind: 'reservations',
    one: 'Reservation',
    many: 'Reservations',
    filters: ['status', 'listing_id'],
    description: 'By arrival date.',
  },
  {
    kind: 'appointments',
    one: 'Appointment',
    many: 'Appointments',
    filters: ['status'],
    description: 'By their start.',
  },
  { kind: 'calls', one: 'Call', many: 'Calls', filters: ['direction', 'ticket_id'] },
  {
    kind: 'tickets',
    one: 'Ticket',
    many: 'Tickets',
    filters: ['status', 'inbox_type_id', 'waiting_on', 'channel'],
    description: '`status=open` stands for `new` and `pending`.',
  },
  {
    kind: 'helpdesk-tickets',
    one: 'HelpdeskTicket',
    many: 'HelpdeskTickets',
    filters: ['status', 'channel'],
    description: 'Mirrored from a helpdesk elsewhere.',
  },
];

const text = z.string().min(1).max(200).optional();

/** What a list of the kind takes; a filter over a closed set takes nothing else. */
function filtersOf(kind: RecordKind, names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => {
      const options = kind.fields.find((field) => field.name === name)?.options ?? null;
      const groups = Object.keys(kind.filters.find(({ field }) => field === name)?.groups ?? {});
      return [name, options === null ? text : z.enum([...groups, ...options]).optional()];
    }),
  );
}

/** `HelpdeskTicket` → `Helpdesk Ticket`. */
function spaced(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2');
}

function routesOf(entity: Entity): readonly Route[] {
  const kind = builtInKind(entity.kind);
  const { one, many, description = '' } = entity;
  const tag = entity.kind.replace('-', '_');
  const resource = 'record';
  const title = spaced(many);
  const shape = recordShape(kind);
  const query = z.object({ ...listQuery, order, ...filtersOf(kind, entity.filters) });
  const page = { description: title, data: shape, kind: 'page' } as const;
  const params = z.object({ id: idParam(one, 're77c0dy0mgdpzmqz6tesry8w184002s') });
  return [
    defineRoute(
      {
        ...{ method: 'get', path: `/v1/${kind.name}`, operationId: `list${many}` },
        ...{ tag, resource, right: 'read' },
        summary: `List ${title.toLowerCase()}`,
        description,
        workspace: { from: 'query', need: 'one' },
        query,
        responses: { 200: page },
      },
      async ({ query: { limit, cursor, order, ...where }, workspaceId }, deps) => {
        const filters = { workspaceId, order, ...where };
        const paging = pagingOf(deps, { name: kind.name, filters, limit, cursor });
        const request = { ...paging.request, order };
        const found = await listRecordsOf(deps.db, kind, { workspaceId, where }, request);
        return listed(found, paging, (record) => showRecord(kind, record));
      },
    ),
    defineRoute(
      {
        ...{ method: 'get', path: `/v1/${kind.name}/{id}`, operationId: `get${one}` },
        ...{ tag, resource, right: 'read', workspace: ofObject, params },
        summary: `Get ${spaced(one).toLowerCase()}`,
        responses: { 200: { description: one, data: shape } },
      },
      async ({ params: { id }, scope }, deps) =>
        ok(showRecord(kind, await requireRecord(deps.db, { scope, id, kind: kind.name }))),
    ),
    defineRoute(
      {
        ...{ method: 'get', path: `/v1/contacts/{id}/${kind.name}` },
        ...{ operationId: `listContact${many}`, tag, resource, right: 'read' },
        summary: `List ${title.toLowerCase()} of a contact`,
        workspace: ofObject,
        params: z.object({ id: idParam('Contact', 'co77c0dy0mgdpzmqz6tesry8w184002s') }),
        query,
        responses: { 200: page },
      },
      async ({ params: { id }, query: { limit, cursor, order, ...where }, scope }, deps) => {
        const { workspaceId } = await requireContact(deps.db, { scope, id });
        const filters = { contact: id, order, ...where };
        const paging = pagingOf(deps, { name: `contact/${kind.name}`, filters, limit, cursor });
        const filter = { workspaceId, contactId: id, where };
        const found = await listRecordsOf(deps.db, kind, filter, { ...paging.request, order });
        return listed(found, paging, (record) => showRecord(kind, record));
      },
    ),
  ];
}

export const entityRoutes: readonly Route[] = entities.flatMap(routesOf);
