// Files that a run makes: handed over by its tools, named by the journal entry of the call, kept apart (I8).

/** As its journal entry names it. */
export interface KeptFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A file of a run, with where it comes from. */
export interface Artifact extends KeptFile {
  /** The step of the call. */
  readonly step: number;
  /** The tool's name. */
  readonly tool: string;
  readonly createdAt: Date;
  /** False: retention has removed its bytes. */
  readonly isKept: boolean;
}

/** Of one run. */
export const artifactMaxima = { files: 100, bytes: 104_857_600 } as const;
