import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ChannelAdapter } from '../../../channels/types.js';
import { validationError } from '../../errors.js';
import { describeIssues } from '../../utils/describe-issues.js';
import { seal, unseal } from '../../utils/seal.js';
import { isWidgetChannel } from './widget-inbox.js';
import type { Hub } from '../../hub.js';

/** A secret with which a website vouches for its users; part of a widget inbox's sealed config (SPEC 3.3). */
const newIdentitySecret = (): string => randomBytes(32).toString('base64url');

/**
 * A channel's config, checked by the channel and sealed. A widget inbox always has an `identitySecret`: the given one, the one it
 * had, or a new one, which is then also returned, once.
 * @throws AppError 400 naming each wrong field as `config.<field>`.
 */
export function sealConfig(
  hub: Hub,
  adapter: ChannelAdapter,
  given: Record<string, unknown>,
  previous: string | null = null,
): { credentials: string; newSecret: string | null } {
  const kept = openConfig(hub, adapter, previous);
  const newSecret =
    isWidgetChannel(adapter) && !('identitySecret' in { ...kept, ...given }) ? newIdentitySecret() : null;
  const config = { ...kept, ...given, ...(newSecret === null ? {} : { identitySecret: newSecret }) };
  const parsed = adapter.configSchema.safeParse(config);
  if (!parsed.success) {
    const issues = describeIssues(parsed.error, '');
    throw validationError(
      issues.map(({ field, message }) => ({ field: field === '' ? 'config' : `config.${field}`, message })),
    );
  }
  return { credentials: seal(parsed.data, hub.env.ENCRYPTION_KEY), newSecret };
}

/** A channel's config as it was sealed, without fields that its schema does not have any more; empty when there is none. */
export function openConfig(hub: Hub, { configSchema }: ChannelAdapter, sealed: string | null): Record<string, unknown> {
  if (sealed === null) return {};
  const config = Object.entries(unseal(sealed, hub.env.ENCRYPTION_KEY) as Record<string, unknown>);
  const known = configSchema instanceof z.ZodObject ? configSchema.shape : null;
  return Object.fromEntries(config.filter(([field]) => known === null || Object.hasOwn(known, field)));
}

/** The secret a website vouches with; null when the inbox has none. */
export function identitySecretOf(hub: Hub, credentials: string | null): string | null {
  if (credentials === null) return null;
  const { identitySecret } = unseal(credentials, hub.env.ENCRYPTION_KEY) as { identitySecret?: unknown };
  return typeof identitySecret === 'string' ? identitySecret : null;
}
