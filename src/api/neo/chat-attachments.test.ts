import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChatDesk, openChatDesk } from '../../../test/support/chat.ts';

let desk: ChatDesk;
beforeAll(async () => {
  desk = await openChatDesk();
});
afterAll(() => desk[Symbol.asyncDispose]());

const sessions = '/public-api/chat/sessions';
const png = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1');

async function askFor(session: string, body: object = {}) {
  const path = `${sessions}/${session}/attachments/upload-url`;
  return await desk.api.request('POST', path, {
    body: { content_type: 'image/png', filename: 'screen.png', ...body },
  });
}

async function put(url: string, bytes: Uint8Array) {
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'Content-Type': 'image/png' };
  const body = new Uint8Array(bytes);
  return await desk.api.app.request(url, { method: 'PUT', headers, body });
}

test('a picture is uploaded by its URL alone, sent, given to the model, and downloaded', async () => {
  const { api } = desk;
  const session = await desk.open();
  const asked = await askFor(session);
  expect(asked.json.data).toMatchObject({ mime: 'image/png', max_image_bytes: 5_242_880 });
  const { upload_url, blob_path } = asked.json.data;
  expect((await put(upload_url, png)).status).toBe(201);
  expect((await put(upload_url, png)).status).toBe(409);
  const attachments = [
    { blob_path, mime: 'image/png', filename: 'desk.png', alt: 'A broken desk' },
  ];
  await desk.write(session, { attachments });
  const call = await desk.nextCall();
  const said = call.request.messages.at(-1);
  expect(said?.role === 'user' && said.files).toMatchObject([
    { mediaType: 'image/png', data: png.toString('base64') },
  ]);
  expect(said?.text).toContain('"alt":"A broken desk"');
  call.answer({ text: 'It is broken.' });
  const replay = await api.request('GET', `${sessions}/${session}/messages`);
  const [file] = replay.json.data[0].attachments;
  expect(file).toMatchObject({ blob_path, filename: 'desk.png', size_bytes: png.byteLength });
  const download = await api.request('GET', file.url);
  expect(download.status).toBe(200);
  expect(download.headers.get('content-type')).toBe('application/octet-stream');
  expect(download.headers.get('content-disposition')).toContain('attachment;');
  expect(download.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await api.request('GET', file.url, { token: api.tokens.other })).status).toBe(404);
  const path = `${sessions}/${session}/messages`;
  const again = await api.request('POST', path, { body: { attachments } });
  expect([again.status, Object.keys(again.json.error.details)]).toEqual([
    422,
    ['attachments.0.blob_path'],
  ]);
  expect((await api.request('GET', path)).json.data).toHaveLength(2);
});

test('what is no picture, too large, of another session or not signed is refused', async () => {
  const { api } = desk;
  const session = await desk.open();
  expect((await askFor(session, { content_type: 'text/html' })).status).toBe(422);
  expect((await askFor(session, { content_type: 'image/svg+xml' })).status).toBe(422);
  const { upload_url, blob_path } = (await askFor(session)).json.data;
  expect((await put(upload_url, Buffer.from('<svg onload="alert(1)">'))).status).toBe(422);
  expect((await put(upload_url, Buffer.concat([png, Buffer.alloc(5_242_880)]))).status).toBe(413);
  expect((await put(upload_url.replace(/signature=./, 'signature=_'), png)).status).toBe(403);
  expect((await put(upload_url.replace(/expires=\d+/, 'expires=9999999999'), png)).status).toBe(
    403,
  );
  const unfilled = { attachments: [{ blob_path }] };
  const path = `${sessions}/${session}/messages`;
  expect((await api.request('POST', path, { body: unfilled })).status).toBe(422);
  expect((await put(upload_url, png)).status).toBe(201);
  const other = await desk.open();
  const elsewhere = `${sessions}/${other}/messages`;
  expect((await api.request('POST', elsewhere, { body: unfilled })).status).toBe(422);
  const seven = Array.from({ length: 7 }, () => ({ blob_path }));
  expect((await api.request('POST', path, { body: { attachments: seven } })).status).toBe(422);
  for (let n = 1; n < 24; n++) expect((await askFor(session)).status).toBe(200);
  expect((await askFor(session)).status).toBe(409);
  const late = (await askFor(other)).json.data;
  await api.request('DELETE', `${sessions}/${other}`);
  expect((await put(late.upload_url, png)).status).toBe(404);
  expect((await askFor(other)).status).toBe(409);
});
