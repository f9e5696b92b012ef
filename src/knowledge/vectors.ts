// Vectors as they are kept: of length one, a scale (4 bytes, little endian) and a signed byte a dimension.

/** The vector in that form. Throws on one that has no direction or is no vector. */
export function packVector(vector: Float32Array): Buffer {
  let square = 0;
  let most = 0;
  for (const value of vector) {
    square += value * value;
    most = Math.max(most, Math.abs(value));
  }
  if (!Number.isFinite(square)) throw new Error('A vector of the model is not finite.');
  const bytes = Buffer.alloc(4 + vector.length);
  // A text without a single known token has no direction, and is near nothing.
  if (square === 0) return bytes;
  const step = most / 127;
  bytes.writeFloatLE(step / Math.sqrt(square), 0);
  vector.forEach((value, at) => {
    bytes.writeInt8(Math.round(value / step), 4 + at);
  });
  return bytes;
}

/** The vector as floats of length one. */
export function unpackVector(bytes: Buffer): Float32Array {
  const scale = bytes.readFloatLE(0);
  return Float32Array.from({ length: bytes.length - 4 }, (_, at) => bytes.readInt8(4 + at) * scale);
}
