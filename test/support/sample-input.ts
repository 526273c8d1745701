import { z } from 'zod';

/** The part of JSON Schema that our inputs are made of. */
interface Shape {
  anyOf?: Shape[];
  oneOf?: Shape[];
  const?: unknown;
  enum?: unknown[];
  type?: string;
  required?: string[];
  properties?: Record<string, Shape>;
  format?: string;
  minLength?: number;
  minimum?: number;
  minItems?: number;
  items?: Shape;
}

/** Values of fields by their names: ids of what there is. */
export type Known = Readonly<Record<string, unknown>>;

/**
 * The least that an object's schema takes: required fields only.
 * @param extra fields besides, and those that the schema alone does not tell.
 * @throws Error when that is not what the schema takes.
 */
export function sampleOf(schema: z.ZodType, known: Known, extra: object = {}): Record<string, unknown> {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  const sample = { ...(make(shape, '', known) as object), ...extra };
  const { error } = schema.safeParse(sample);
  if (error !== undefined) throw new Error(`${JSON.stringify(sample)} is no sample: ${z.prettifyError(error)}`);
  return sample;
}

function make(shape: Shape, name: string, known: Known): unknown {
  if (Object.hasOwn(known, name)) return known[name];
  const [option] = shape.anyOf ?? shape.oneOf ?? [];
  if (option !== undefined) return make(option, name, known);
  if (Object.hasOwn(shape, 'const')) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  switch (shape.type) {
    case 'object':
      return Object.fromEntries(
        (shape.required ?? []).map((key) => [key, make(shape.properties?.[key] ?? {}, key, known)]),
      );
    case 'array':
      return Array.from({ length: shape.minItems ?? 0 }, () => make(shape.items ?? {}, name, known));
    case 'string':
      return shape.format === 'email' ? 'sample@example.com' : 'x'.repeat(Math.max(1, shape.minLength ?? 0));
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Math.max(0, shape.minimum ?? 0);
    default:
      return null;
  }
}
