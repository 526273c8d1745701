const SECRET_KEY = /pass|secret|token|authorization|cookie|signature|proof|credential|api[-_]?key|encryption/i;
const PRIVATE_KEY = /^(text|content|body|payload|rawBody|email|phone)$/i;
const SECRET_TEXT = /(access_token=|appsecret_proof=|Bearer\s+|:\/\/[^:@/\s]+:)[^\s&@"']+/gi;
const MAX_DEPTH = 6;

/** A copy of a log field without secrets and without what people wrote (STYLE 25, SPEC 16). */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(SECRET_TEXT, '$1[redacted]');
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return { name: value.name, message: redact(value.message), stack: redact(value.stack) };
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, depth + 1));
  if (!isPlain(value)) return String(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (SECRET_KEY.test(key)) return [key, '[redacted]'];
      if (PRIVATE_KEY.test(key)) return [key, '[private]'];
      return [key, redact(item, depth + 1)];
    }),
  );
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};
