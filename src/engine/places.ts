/** What a process has in memory, by run and by workspace: driven runs, and those being created for it. */
export class Places {
  readonly #workspaceOf = new Map<string, string>();
  readonly #loads = new Map<string, number>();
  readonly #max: number;
  /** Beyond `max`, only for workspaces with next to nothing running: no flood takes all of a process. */
  readonly #reserve: number;
  readonly small: number;

  constructor(max: number) {
    this.#max = max;
    this.#reserve = Math.ceil(max / 10);
    this.small = Math.max(1, Math.floor(this.#reserve / 10));
  }

  get size(): number {
    return this.#workspaceOf.size;
  }

  get loads(): ReadonlyMap<string, number> {
    return this.#loads;
  }

  /** Free places: for anybody, and beyond them for small loads only. */
  get free(): { readonly places: number; readonly reserve: number } {
    const places = Math.max(0, this.#max - this.size);
    return { places, reserve: Math.max(0, this.#max + this.#reserve - this.size - places) };
  }

  /** Whether one more run of the workspace may come in. */
  hasRoomFor(workspaceId: string): boolean {
    const { places, reserve } = this.free;
    return places > 0 || (reserve > 0 && (this.#loads.get(workspaceId) ?? 0) < this.small);
  }

  has(runId: string): boolean {
    return this.#workspaceOf.has(runId);
  }

  take(runId: string, workspaceId: string): void {
    if (this.#workspaceOf.has(runId)) return;
    this.#workspaceOf.set(runId, workspaceId);
    this.#loads.set(workspaceId, (this.#loads.get(workspaceId) ?? 0) + 1);
  }

  leave(runId: string): void {
    const workspaceId = this.#workspaceOf.get(runId);
    if (workspaceId === undefined) return;
    this.#workspaceOf.delete(runId);
    const left = (this.#loads.get(workspaceId) ?? 1) - 1;
    if (left === 0) this.#loads.delete(workspaceId);
    else this.#loads.set(workspaceId, left);
  }
}
