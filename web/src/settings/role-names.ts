import type { Member } from '../api/types.ts';

export type Role = Member['role'];

export const roleOptions = [
  ['owner', 'Owner'],
  ['editor', 'Editor'],
  ['operator', 'Operator'],
  ['viewer', 'Viewer'],
] as const satisfies readonly (readonly [Role, string])[];
