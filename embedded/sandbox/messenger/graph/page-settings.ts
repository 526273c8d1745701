import { z } from 'zod';
import type { Page } from '../types.js';
import type { World } from '../world.js';
import { graphError, invalid } from './errors.js';
import { parseFields, pick } from './fields.js';
import { pageOf, type GraphAnswer, type GraphRequest } from './request.js';

/** Webhook fields a Page can subscribe an app to. */
export const SUBSCRIBABLE_FIELDS: readonly string[] = [
  'messages',
  'message_echoes',
  'message_deliveries',
  'message_reads',
  'message_reactions',
  'message_edits',
  'messaging_postbacks',
  'messaging_referrals',
  'messaging_optins',
  'messaging_handovers',
  'messaging_account_linking',
  'messaging_policy_enforcement',
  'messaging_feedback',
  'response_feedback',
  'standby',
  'feed',
];

const PROFILE_PROPERTIES = new Set([
  'get_started',
  'greeting',
  'ice_breakers',
  'persistent_menu',
  'whitelisted_domains',
  'account_linking_url',
  'commands',
]);

const APP_NAME = 'Switchboard';

/** Comma list or array of names. */
const nameList = z.union([
  z.string().transform((text) => text.split(',').map((name) => name.trim())),
  z.array(z.string()),
]);

function listOf(value: unknown, parameter: string): string[] {
  const parsed = nameList.safeParse(value);
  if (!parsed.success) throw invalid(`Parameter ${parameter} must be a list of names.`);
  return parsed.data.filter((name) => name !== '');
}

const change = ({ ledger }: World, page: Page): void => ledger.write({ type: 'page', page });

export function listSubscriptions(request: GraphRequest): GraphAnswer {
  const { subscribedFields } = pageOf(request);
  const app = { link: request.world.baseUrl(), name: APP_NAME, id: request.world.app.id };
  return { body: { data: subscribedFields === null ? [] : [{ ...app, subscribed_fields: subscribedFields }] } };
}

/** Replaces the field list of the subscription. */
export function subscribe(request: GraphRequest): GraphAnswer {
  const page = pageOf(request);
  const fields = listOf(request.params.subscribed_fields, 'subscribed_fields');
  const unknown = fields.find((field) => !SUBSCRIBABLE_FIELDS.includes(field));
  if (unknown !== undefined) throw invalid(`Param subscribed_fields has no field "${unknown}".`);
  change(request.world, { ...page, subscribedFields: fields });
  return { body: { success: true } };
}

export function unsubscribe(request: GraphRequest): GraphAnswer {
  change(request.world, { ...pageOf(request), subscribedFields: null });
  return { body: { success: true } };
}

export function readProfileSettings(request: GraphRequest): GraphAnswer {
  const { profile } = pageOf(request);
  const asked = request.params.fields === undefined ? [...PROFILE_PROPERTIES] : listOf(request.params.fields, 'fields');
  const found = Object.fromEntries(Object.entries(profile).filter(([name]) => asked.includes(name)));
  return { body: { data: Object.keys(found).length === 0 ? [] : [found] } };
}

export function writeProfileSettings(request: GraphRequest): GraphAnswer {
  const page = pageOf(request);
  const given = Object.entries(request.params).filter(([name]) => PROFILE_PROPERTIES.has(name));
  if (given.length === 0) throw invalid('At least one property of the Messenger Profile is required.');
  const profile = { ...page.profile, ...Object.fromEntries(given) };
  if ('persistent_menu' in profile && !('get_started' in profile)) {
    throw invalid('A persistent menu needs a get_started button.');
  }
  change(request.world, { ...page, profile });
  return { body: { result: 'success' } };
}

export function deleteProfileSettings(request: GraphRequest): GraphAnswer {
  const page = pageOf(request);
  const names = listOf(request.params.fields, 'fields');
  const profile = Object.fromEntries(Object.entries(page.profile).filter(([name]) => !names.includes(name)));
  change(request.world, { ...page, profile });
  return { body: { result: 'success' } };
}

/** GET /{page} or /me: what a Page says about itself. */
export function readPage(request: GraphRequest): GraphAnswer {
  const page = pageOf(request);
  const fields = parseFields(typeof request.params.fields === 'string' ? request.params.fields : 'id,name');
  const body = pick(page, fields, {
    id: ({ id }) => id,
    name: ({ name }) => name,
    category: () => 'Shopping & retail',
    access_token: ({ token }) => token,
    link: ({ id }) => `https://www.facebook.com/${id}`,
    picture: ({ id }) => ({ data: { url: `${request.world.baseUrl()}/avatars/${id}.png`, is_silhouette: true } }),
  });
  return { body: { ...body, id: page.id } };
}

/** GET /debug_token: asked with a working Page token or with `<app id>|<app secret>`. */
export function debugToken(request: GraphRequest): GraphAnswer {
  const { world, params, token } = request;
  const { app, ledger } = world;
  const asker = token === null ? null : ledger.pageOfToken(token);
  if (token !== `${app.id}|${app.secret}` && asker?.tokenFault !== null) throw graphError(190);
  const page = typeof params.input_token === 'string' ? ledger.pageOfToken(params.input_token) : null;
  const fault = page === null ? 0 : page.tokenFault;
  if (page === null || fault !== null) {
    const error = { code: 190, message: 'Error validating access token.', ...(fault === 0 ? {} : { subcode: fault }) };
    return { body: { data: { is_valid: false, scopes: [], error, ...(page === null ? {} : { app_id: app.id }) } } };
  }
  return {
    body: {
      data: {
        app_id: app.id,
        type: 'PAGE',
        application: APP_NAME,
        data_access_expires_at: 0,
        expires_at: 0,
        is_valid: true,
        profile_id: page.id,
        scopes: ['pages_show_list', 'pages_messaging', 'pages_manage_metadata'],
      },
    },
  };
}
