import { z } from 'zod';
import { attachmentDto } from '../../shared/schemas/attachment.js';
import { authSuccess } from '../../shared/schemas/auth.js';
import { contactDto } from '../../shared/schemas/contact.js';
import { conversationDto, conversationRowDto, customerConversationDto } from '../../shared/schemas/conversation.js';
import { apiError } from '../../shared/schemas/error.js';
import { customerMessageDto, messageDto } from '../../shared/schemas/message.js';
import { listSync, threadSync } from '../../shared/schemas/sync.js';
import { userDto } from '../../shared/schemas/user.js';
import { listView } from '../../shared/schemas/view.js';
import { connectionEstablished } from '../../shared/schemas/visitor.js';

/** Shapes that readable documents name instead of writing them out at every use. */
export const NAMED_SHAPES = {
  Attachment: attachmentDto,
  AuthSuccess: authSuccess,
  ConnectionEstablished: connectionEstablished,
  Contact: contactDto,
  Conversation: conversationDto,
  ConversationRow: conversationRowDto,
  CustomerConversation: customerConversationDto,
  CustomerMessage: customerMessageDto,
  Error: apiError,
  ListSync: listSync,
  ListView: listView,
  Message: messageDto,
  ThreadSync: threadSync,
  User: userDto,
} as const satisfies Record<string, z.ZodType>;

const names = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(NAMED_SHAPES)) names.add(schema, { id });

interface JsonSchema {
  $ref?: string;
  $defs?: unknown;
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  const?: unknown;
  enum?: unknown[];
  type?: string;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
}

function typeOf(schema: JsonSchema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => typeOf(one, indent)).join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map((one) => typeOf(one, indent)).join(' & ');
  if (schema.enum !== undefined) return schema.enum.map((word) => `'${String(word)}'`).join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.type === 'array') {
    const item = typeOf(schema.items ?? {}, indent);
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
  }
  if (schema.type === 'object') return objectOf(schema, indent);
  return schema.type === 'integer' ? 'number' : (schema.type ?? 'unknown');
}

function objectOf({ properties, required = [], additionalProperties }: JsonSchema, indent: string): string {
  if (properties === undefined) return `Record<string, ${typeOf(additionalProperties as JsonSchema, indent)}>`;
  const lines = Object.entries(properties).map(
    ([name, schema]) => `${indent}  ${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema, `${indent}  `)};\n`,
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
}

/** A shape for people, as TypeScript would write it; `own`: the shape itself where it has a name. */
export function shapeText(schema: z.ZodType, { io, own = false }: { io: 'input' | 'output'; own?: boolean }): string {
  const json = z.toJSONSchema(schema, { io, metadata: names, unrepresentable: 'any' }) as JsonSchema;
  const name = names.get(schema)?.id;
  return name === undefined || own ? typeOf(json, '') : name;
}
