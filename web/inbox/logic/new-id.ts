/** 128 random bits in hex. Not `randomUUID`, which browsers offer on secure origins only. */
export const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
