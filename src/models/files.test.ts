import { expect, test } from 'vitest';
import { requestTo } from '../../test/support/provider-request.ts';
import type { ModelProvider } from '../core/model-entry.ts';
import { takeFiles } from '../core/model-files.ts';

const png = 'iVBORw0KGgo=';
const pdf = 'JVBERi0xLjcK';
const files = [
  { name: 'receipt.png', mediaType: 'image/png', data: png },
  { name: 'invoice.pdf', mediaType: 'application/pdf', data: pdf },
];

test.each<[ModelProvider, string, 'chat' | 'responses' | undefined, RegExp, RegExp | null]>([
  [
    'openai',
    'gpt-5',
    'responses',
    /"input_image".*data:image\/png;base64,iVBOR/,
    /"input_file".*JVBERi/,
  ],
  ['openai', 'gpt-5', 'chat', /"image_url".*data:image\/png;base64,iVBOR/, /"file".*JVBERi/],
  [
    'azure',
    'gpt-4o',
    undefined,
    /"input_image".*data:image\/png;base64,iVBOR/,
    /"input_file".*JVBERi/,
  ],
  [
    'anthropic',
    'claude-sonnet-4-5',
    undefined,
    /"image".*"image\/png".*iVBOR/,
    /"document".*JVBERi/,
  ],
  ['google', 'gemini-2.5-pro', undefined, /"inlineData".*iVBOR/, /"application\/pdf".*JVBERi/],
  [
    'bedrock',
    'anthropic.claude-sonnet-4-20250514-v1:0',
    undefined,
    /"image".*"png".*iVBOR/,
    /"document".*JVBERi/,
  ],
  ['mistral', 'mistral-large-latest', undefined, /"image_url".*iVBOR/, /"document_url".*JVBERi/],
  ['groq', 'llama-3.3-70b-versatile', undefined, /"image_url".*iVBOR/, null],
  ['openrouter', 'openai/gpt-4o', undefined, /"image_url".*iVBOR/, null],
  ['openai-compatible', 'qwen3', undefined, /"image_url".*iVBOR/, null],
])('%s (%s, %s) is shown files in its own form', async (provider, name, api, image, document) => {
  const messages = [{ role: 'user' as const, text: 'What do I owe?', files }];
  const body = await requestTo({ provider, name, api }, { messages });
  expect(body).toMatch(image);
  if (document !== null) expect(body).toMatch(document);
  // What its interface does not take is named.
  else expect(body).toContain('[File \\"invoice.pdf\\", application/pdf: not shown');
});

test('files are found in whatever holds them, and a note stands where they were', () => {
  const given = {
    n: 1,
    receipt: { type: 'image', mime_type: 'image/png', data: png, name: 'a.png' },
    all: [{ media_type: 'application/pdf', data: pdf }],
    // None: another kind, no base64, nothing.
    others: [
      { mime_type: 'text/plain', data: png },
      { mime_type: 'image/png', data: 'not base64' },
      { mime_type: 'image/png', data: '' },
    ],
  };
  expect(takeFiles(given)).toEqual({
    files: [
      { name: 'a.png', mediaType: 'image/png', data: png },
      { name: null, mediaType: 'application/pdf', data: pdf },
    ],
    value: {
      ...given,
      receipt: { ...given.receipt, data: '[shown as file 1]' },
      all: [{ ...given.all[0], data: '[shown as file 2]' }],
    },
  });
  const many = Array.from({ length: 25 }, () => ({ mime_type: 'image/png', data: png }));
  const taken = takeFiles(many);
  expect(taken.files).toHaveLength(20);
  expect(JSON.stringify(taken.value)).not.toContain(png);
});
