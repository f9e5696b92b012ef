/** Where large outputs go that are not to be in the database. */
export interface ObjectStore {
  /** Writes an object, whole. Safe to repeat. Throws `ObjectStoreError`. */
  put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Bytes `offset` to `offset + length`, fewer at its end; null: there is no such object. Throws `ObjectStoreError`. */
  get(
    key: string,
    part: { readonly offset: number; readonly length: number },
  ): Promise<Buffer | null>;
  /** Removes an object, if it is there. Throws `ObjectStoreError`. */
  remove(key: string): Promise<void>;
}

/** The storage could not be reached, or refused. Its message names neither keys nor credentials. */
export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';
}

/** Which storage, where, and with whose credentials. */
export interface S3Settings {
  readonly bucket: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Before every key; may be empty. */
  readonly prefix: string;
}
