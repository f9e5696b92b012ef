import { answerRead, type ReadRequest } from './read-request.ts';
import { Unreadable } from './unreadable.ts';

// A process that reads: started by readers.ts without rights to write, to connect or to start others. It may
// die of what it reads; nothing else does.

process.on('message', async (request: ReadRequest) => {
  try {
    const file = request.file === null ? null : { ...request.file, bytes: bytesOf(request) };
    process.send?.({ ok: true, answer: await answerRead({ ...request, file }) });
  } catch (error) {
    const isKnown = error instanceof Unreadable || error instanceof RangeError;
    process.send?.({ ok: false, isUnreadable: isKnown, problem: problemOf(error) });
  }
});
process.on('disconnect', () => process.exit());
// Libraries leave promises behind that nobody waits for.
process.on('unhandledRejection', () => {});

function bytesOf({ file }: ReadRequest): Buffer {
  const bytes: Uint8Array = file?.bytes ?? new Uint8Array();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function problemOf(error: unknown): string {
  if (error instanceof Unreadable) return error.message;
  if (error instanceof RangeError) return 'The file is nested too deeply to be read.';
  return error instanceof Error ? error.message : String(error);
}
