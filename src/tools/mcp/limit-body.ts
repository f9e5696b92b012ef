/** What a server may say in one answer, be it a stream of many messages. */
export const maxAnswerBytes = 32 * 1_048_576;

/** The response, whose body fails once it is larger than any honest answer. */
export function limitBody(response: Response, maxBytes = maxAnswerBytes): Response {
  if (response.body === null) return response;
  let size = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > maxBytes)
        controller.error(new Error(`The answer is larger than ${maxBytes} bytes.`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  const limited = new Response(response.body.pipeThrough(counting), {
    status,
    statusText,
    headers,
  });
  Object.defineProperty(limited, 'url', { value: response.url });
  return limited;
}
