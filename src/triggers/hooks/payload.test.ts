import { describe, expect, test } from 'vitest';
import { readHookPayload, scalarAt } from './payload.ts';

const read = (body: string | Uint8Array, type: string | null = null) =>
  readHookPayload(typeof body === 'string' ? Buffer.from(body) : body, type);
const form = 'application/x-www-form-urlencoded';

describe('a payload', () => {
  test('is JSON as it stands, whatever type it was sent as', () => {
    const json = '{ "b": 12345678901234567890, "a": 1.0, "__proto__": {} }';
    for (const type of [
      'application/json',
      'application/cloudevents+json; charset=utf-8',
      form,
      null,
    ]) {
      expect(read(json, type)).toBe(json);
    }
    expect(read('[1, 2]', 'application/json')).toBe('[1, 2]');
    expect(read('null', 'application/json')).toBe('null');
  });

  test('is {} when there is no body', () => {
    for (const type of ['application/json', form, 'text/plain', null]) {
      expect(read('', type)).toBe('{}');
      expect(read(' \r\n', type)).toBe('{}');
    }
  });

  test('is made of a form by its names', () => {
    expect(read('a=1&b=x+y%21&a=2&=e&__proto__=p', form)).toBe(
      '{"a":["1","2"],"b":"x y!","":"e","__proto__":"p"}',
    );
  });

  test('is the JSON in a form whose only field is payload', () => {
    expect(read(`payload=${encodeURIComponent('{"a": 1}')}`, form)).toBe('{"a": 1}');
    expect(read('payload=text', form)).toBe('{"payload":"text"}');
    expect(read('payload=1&more=2', form)).toBe('{"payload":"1","more":"2"}');
  });

  test('is other text with its type', () => {
    expect(read('<a/>', 'text/xml; charset=utf-8')).toBe(
      '{"content_type":"text/xml","text":"<a/>"}',
    );
    expect(read('hello', null)).toBe('{"content_type":null,"text":"hello"}');
  });

  test.each([
    ['{"a":', 'application/json', /not valid JSON: unexpected end of the text at line 1, column 6/],
    ["{'a': 1}", 'application/problem+json', /not valid JSON.*problem\+json/],
    ['['.repeat(65) + ']'.repeat(65), 'application/json', /nested too deeply/],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'application/json', /not valid UTF-8/],
    [Buffer.from([0xc3]), 'text/plain', /not valid UTF-8/],
    ['--x\r\n', 'multipart/form-data; boundary=x', /Multipart/],
    [`a=${'&a='.repeat(1_001)}`, form, /more than 1000 fields/],
  ])('is refused for %j as %s', (body, type, message) => {
    expect(() => read(body, type)).toThrow(message);
  });
});

describe('a JSON pointer', () => {
  const json =
    '{"id": 12345678901234567890, "a": {"b/c": [{"~": "x"}, true]}, "n": null, "s": "1", "f": 1}';

  test.each([
    ['/id', '12345678901234567890'],
    ['/a/b~1c/0/~0', 'x'],
    ['/a/b~1c/1', 'true'],
    ['/s', '1'],
    ['/f', '1'],
    ['/n', null],
    ['/a', null],
    ['/a/b~1c', null],
    ['/a/b~1c/2', null],
    ['/a/b~1c/01', null],
    ['/missing', null],
    ['/s/length', null],
    ['/toString', null],
  ])('%s names %j', (pointer, value) => {
    expect(scalarAt(json, pointer)).toBe(value);
  });

  test('names nothing in what is no object', () => {
    for (const text of ['[]', 'null', '"text"', '7']) expect(scalarAt(text, '/a')).toBeNull();
  });
});
