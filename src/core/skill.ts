// A skill: instructions that an agent loads when it needs them, as a folder with a SKILL.md.

export const skillFileName = 'SKILL.md';

export const skillMaxima = {
  nameLength: 64,
  displayNameLength: 200,
  descriptionLength: 1_024,
  allowedTools: 200,
  tags: 50,
  files: 200,
  pathLength: 255,
  fileBytes: 1_048_576,
  /** Of SKILL.md. */
  textBytes: 262_144,
  /** All files together. */
  bytes: 4_194_304,
  /** An archive, or a body with files in base64. */
  uploadBytes: 6_291_456,
} as const;

export interface Skill {
  readonly id: string;
  readonly workspaceId: string;
  /** Lower-case letters, digits and single hyphens; unique in the workspace. */
  readonly name: string;
  readonly displayName: string | null;
  /** When to use it. */
  readonly description: string;
  /** While the skill is in force, only these of the agent's tools may be called; null: all of them. */
  readonly allowedTools: readonly string[] | null;
  readonly tags: readonly string[] | null;
  readonly enabled: boolean;
  readonly sourceRunId: string | null;
  /** A change of the files bumps it. */
  readonly version: number;
  /** `sha256:…` over the paths and bytes of the files. */
  readonly hash: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A file as it is to be written. */
export interface SkillFileContent {
  /** Relative, with `/`. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly isExecutable: boolean;
}

export interface SkillFile extends SkillFileContent {
  /** The same over all versions of the file. */
  readonly id: string;
  /** Of the file, from 1. */
  readonly version: number;
}

export interface SkillVersion {
  readonly skillId: string;
  readonly version: number;
  readonly name: string;
  readonly description: string;
  readonly hash: string;
  readonly createdAt: Date;
}

/** A skill as a run is offered it; the run keeps to this version. */
export interface OfferedSkill {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly allowedTools: readonly string[] | null;
}

/** What a journal says of a loaded skill: it is in force from there on. */
export type LoadedSkill = Omit<OfferedSkill, 'description'>;
