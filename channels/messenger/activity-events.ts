import type { InboundEvent } from '../types.js';
import { id, millis, present, record, records, text, type Json } from './fields.js';
import { referralData } from './referral.js';
import { activity, appName, unsupported, type Scene } from './scene.js';

/**
 * `referral`: somebody came back to an existing thread. A link opens the reply window; an ad does only with the message that
 * follows it.
 */
export function readReferral(body: Json, scene: Scene): InboundEvent[] {
  return [activity(scene, 'referral', referralData(body), { opensWindow: body.source !== 'ADS' })];
}

/** `optin`: a plugin (opens the window), or consent to marketing messages (does not). */
export function readOptin(body: Json, scene: Scene): InboundEvent[] {
  const forMarketing = body.type === 'notification_messages';
  const data = present<string | number>({
    kind: text(body.type) ?? 'plugin',
    status: optinStatus(body),
    title: text(body.title),
    payload: text(body.payload),
    ref: id(body.ref),
    timeZone: text(body.notification_messages_timezone),
    expiresAt: millis(body.token_expiry_timestamp),
  });
  return [activity(scene, 'optin', data, { opensWindow: !forMarketing })];
}

/** Meta's page writes `STOP NOTIFICATIONS`, with an underscore in other places. */
function optinStatus(body: Json): string {
  const change = text(body.notification_messages_status)?.toUpperCase() ?? '';
  if (change.startsWith('STOP')) return 'stopped';
  return change.startsWith('RESUME') ? 'resumed' : 'opted_in';
}

/** `pass_thread_control` and `take_thread_control`: who holds the thread from now on. */
export function readThreadControl(control: 'pass' | 'take') {
  return (body: Json, scene: Scene): InboundEvent[] => {
    const owner = id(body.new_owner_app_id);
    const isOurs = owner === null || owner === scene.env.META_APP_ID;
    const data = present({
      control,
      from: owners(id(body.previous_owner_app_id), scene),
      to: owners(owner, scene),
      note: text(body.metadata),
    });
    const shown = activity(scene, 'handover', data);
    return [{ type: 'thread_owner', owner: isOurs ? null : appName(owner), activity: shown }];
  };
}

/** Null: nobody, the thread is idle. */
function owners(appId: string | null, scene: Scene): string | null {
  if (appId === null) return null;
  return appId === scene.env.META_APP_ID ? 'Switchboard' : appName(appId);
}

/** `request_thread_control`: another app asks for the thread; nothing has changed yet. */
export function readThreadRequest(body: Json, scene: Scene): InboundEvent[] {
  const data = present({
    control: 'request',
    to: owners(id(body.requested_owner_app_id), scene),
    note: text(body.metadata),
  });
  return [activity(scene, 'handover', data)];
}

/** `account_linking`; the authorisation code stays out of the thread. */
export function readAccountLink(body: Json, scene: Scene): InboundEvent[] {
  return [activity(scene, 'account_link', present({ status: text(body.status) }))];
}

/** `messaging_feedback`: one line per answered question of the feedback template. */
export function readFeedback(body: Json, scene: Scene): InboundEvent[] {
  const events = records(body.feedback_screens).flatMap((screen) =>
    Object.entries(record(screen.questions) ?? {}).map(([question, answer]) => {
      const given = record(answer) ?? {};
      const data = present({
        question,
        kind: text(given.type),
        score: id(given.payload),
        comment: text(record(given.follow_up)?.payload),
      });
      return activity(scene, 'feedback', data, { part: `${id(screen.screen_id) ?? ''}:${question}` });
    }),
  );
  return events.length > 0 ? events : unsupported('Feedback without an answer');
}

/** `response_feedback`: thumbs on one answer. */
export function readResponseFeedback(body: Json, scene: Scene): InboundEvent[] {
  const data = present({ feedback: text(body.feedback), messageId: id(body.mid) });
  return [activity(scene, 'response_feedback', data)];
}

/** `policy_enforcement`: Meta warned, blocked or unblocked the Page. */
export function readPolicyEnforcement(body: Json, scene: Scene): InboundEvent[] {
  const reason = text(body.reason);
  switch (body.action) {
    case 'block':
      return [
        {
          type: 'account_hold',
          reason: `Facebook blocked this Page from sending${because(reason)}`,
          until: null,
          occurredAt: scene.at,
        },
      ];
    case 'unblock':
      return [{ type: 'account_resume', occurredAt: scene.at }];
    default: {
      const data = present({ action: text(body.action), reason });
      return [{ type: 'account_notice', notice: 'policy_enforcement', data, occurredAt: scene.at }];
    }
  }
}

function because(reason: string | null): string {
  return reason === null ? '.' : `: ${reason}`;
}

/** `app_roles`: which apps hold which part in Conversation Routing. */
export function readAppRoles(body: Json, scene: Scene): InboundEvent[] {
  return [{ type: 'account_notice', notice: 'app_roles', data: { roles: body }, occurredAt: scene.at }];
}
