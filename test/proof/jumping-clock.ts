import { readFileSync } from 'node:fs';

// Preloaded into a process (`--import`): at SIGUSR2 its wall clock jumps to the offset, in ms, that the file
// named by CLOCK_OFFSET_FILE states. Timers and `performance.now()` go on, as they do when a machine's clock is set.

const RealDate = Date;
let offsetMs = 0;

class JumpingDate extends RealDate {
  constructor(...given: [] | [value: number | string | Date]) {
    if (given.length === 0) super(RealDate.now() + offsetMs);
    else super(...given);
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

const file = process.env.CLOCK_OFFSET_FILE;
if (file !== undefined) {
  globalThis.Date = JumpingDate as DateConstructor;
  process.on('SIGUSR2', () => {
    offsetMs = Number(readFileSync(file, 'utf8'));
  });
}
