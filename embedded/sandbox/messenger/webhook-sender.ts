import { randomInt } from 'node:crypto';
import { isAxiosError, type AxiosInstance } from 'axios';
import type { PlatformEvent } from './events.js';
import { newId } from './ids.js';
import type { Ledger } from './ledger.js';
import { modeOf, takeRules } from './rules.js';
import type { Webhook } from './types.js';
import { envelope, signBody, toWireForm } from './wire.js';

export interface WebhookSenderOptions {
  ledger: Ledger;
  http: AxiosInstance;
  webhookUrl: string;
  appId: string;
  appSecret: string;
  verifyToken: string;
  /** Where this sandbox is reached; known once it listens. */
  baseUrl: () => string;
  now: () => number;
  /** Pauses between tries in milliseconds; the last one repeats for ever. */
  backoffMs: readonly number[];
  /** How long a webhook that is to be overtaken waits for another one, in milliseconds. */
  reorderHoldMs: number;
}

/** How an event leaves. */
export interface EmitOptions {
  /** Not before this settles (the echo of a send waits for the answer). */
  gate?: Promise<unknown>;
  /** Out of line: joins the queue only after so many milliseconds. */
  lateMs?: number;
  /** Recorded, and never sent. */
  drop?: boolean;
}

interface Job {
  webhook: Webhook;
  /** Null once it may leave. */
  gate: Promise<unknown> | null;
  /** Rules have been asked. */
  ruled: boolean;
  copies: number;
  rules: string[];
  settle: () => void;
}

interface Lane {
  jobs: Job[];
  busy: boolean;
  /** Wakes a webhook that waits to be overtaken. */
  arrived: (() => void) | null;
}

/** Brings events to the hub: in order per person, signed, again and again until it says 200. */
export class WebhookSender {
  private readonly lanes = new Map<string, Lane>();
  private readonly abort = new AbortController();
  private readonly timers = new Map<NodeJS.Timeout, () => void>();
  private whenVerified: Promise<void> = Promise.resolve();
  /** Last answer to the set-up request: a status, or why there was none; null before the first. */
  lastVerification: number | string | null = null;

  constructor(private readonly options: WebhookSenderOptions) {}

  /** Does the set-up request unless it once succeeded, and takes up what an earlier process left queued. */
  start(): void {
    if (this.options.ledger.verifiedAt === null) this.whenVerified = this.verifyUntilAnswered();
    for (const webhook of this.options.ledger.webhooks.values()) {
      if (webhook.state === 'queued') this.enqueue(this.jobFor(webhook, () => undefined));
    }
  }

  /** Stops at once; what is queued stays queued in the ledger. */
  stop(): void {
    this.abort.abort();
    this.forgetQueue();
  }

  /** Drops everything that waits, for a reset of the ledger. */
  forgetQueue(): void {
    for (const lane of this.lanes.values()) {
      for (const job of lane.jobs.splice(0)) job.settle();
    }
    this.lanes.clear();
    for (const [timer, done] of [...this.timers]) {
      clearTimeout(timer);
      this.timers.delete(timer);
      done();
    }
  }

  /** Records an event and sends it if the Page is subscribed to its field. Resolves when it was delivered or dropped. */
  emit(pageId: string, event: PlatformEvent, options: EmitOptions = {}): Promise<void> {
    const webhook = this.webhookFor(pageId, event);
    if (options.drop === true && webhook.state === 'queued') webhook.state = 'dropped';
    this.options.ledger.write({ type: 'webhook', webhook });
    const recorded = this.options.ledger.webhooks.get(webhook.id);
    if (recorded === undefined || recorded.state !== 'queued') return Promise.resolve();
    return new Promise((settle) => {
      const job = this.jobFor(recorded, settle);
      job.gate = options.gate ?? null;
      if (options.lateMs === undefined) this.enqueue(job);
      else void this.sleep(options.lateMs).then(() => this.enqueue(job));
    });
  }

  /** Posts any bytes once and tells the hub's answer. `signature` null sends none. */
  async postRaw(body: Buffer, signature: string | null): Promise<{ status: number; body: string }> {
    const answer = await this.options.http.post<Buffer>(this.options.webhookUrl, body, {
      headers: {
        'Content-Type': 'application/json',
        ...(signature === null ? {} : { 'X-Hub-Signature-256': signature }),
      },
      signal: this.abort.signal,
    });
    return { status: answer.status, body: answer.data.toString('utf8').slice(0, 2000) };
  }

  private webhookFor(pageId: string, event: PlatformEvent): Webhook {
    const { ledger, appId, now } = this.options;
    const owner = event.personId === null ? null : (ledger.people.get(event.personId)?.threadOwner ?? null);
    const standby = owner !== null && owner !== appId && event.field !== 'messaging_handovers';
    const field = standby ? 'standby' : event.field;
    const fields = ledger.pages.get(pageId)?.subscribedFields ?? [];
    return {
      id: newId('wh'),
      at: now(),
      pageId,
      personId: event.personId,
      field: event.field,
      channel: standby ? 'standby' : 'messaging',
      event: standby ? withoutPayload(event.body) : event.body,
      state: field === 'other' || fields.includes(field) ? 'queued' : 'unsubscribed',
      tries: 0,
      lastTry: null,
      deliveries: 0,
      rules: [],
    };
  }

  private jobFor(webhook: Webhook, settle: () => void): Job {
    return { webhook, gate: null, ruled: false, copies: 0, rules: [], settle };
  }

  private enqueue(job: Job): void {
    if (this.abort.signal.aborted) return job.settle();
    const key = `${job.webhook.pageId}:${job.webhook.personId ?? ''}`;
    const lane = this.lanes.get(key) ?? { jobs: [], busy: false, arrived: null };
    this.lanes.set(key, lane);
    lane.jobs.push(job);
    lane.arrived?.();
    if (!lane.busy) void this.drain(key, lane);
  }

  private async drain(key: string, lane: Lane): Promise<void> {
    lane.busy = true;
    await this.whenVerified;
    for (let job = lane.jobs[0]; job !== undefined && !this.abort.signal.aborted; job = lane.jobs[0]) {
      if (job.gate !== null) {
        await job.gate;
        job.gate = null;
      }
      if (!job.ruled && !(await this.obeyRules(lane, job))) continue;
      const batch = this.batchOf(lane);
      for (let copy = 0; copy <= job.copies; copy += 1) await this.deliver(batch);
      if (lane.jobs[0] !== job) return;
      lane.jobs.splice(0, batch.length);
      for (const done of batch) this.finish(done, 'delivered');
    }
    lane.busy = false;
    if (this.lanes.get(key) === lane) this.lanes.delete(key);
  }

  /** Asks the rules about the head of a lane. False: it is no longer the head. */
  private async obeyRules(lane: Lane, job: Job): Promise<boolean> {
    job.ruled = true;
    const { webhook } = job;
    const rules = takeRules(this.options.ledger, {
      kind: 'webhook',
      pageId: webhook.pageId,
      personId: webhook.personId,
      text: textOf(webhook.event),
      event: webhook.field,
    });
    job.rules = rules.map(({ id }) => id);
    job.copies = modeOf(rules, 'duplicate')?.copies ?? 0;
    await this.sleep(modeOf(rules, 'delay')?.ms ?? 0);
    if (modeOf(rules, 'drop') !== undefined) {
      if (lane.jobs[0] !== job) return false;
      lane.jobs.shift();
      this.finish(job, 'dropped');
      return false;
    }
    if (modeOf(rules, 'reorder') === undefined) return lane.jobs[0] === job;
    if (lane.jobs.length < 2) {
      await Promise.race([new Promise<void>((wake) => (lane.arrived = wake)), this.sleep(this.options.reorderHoldMs)]);
      lane.arrived = null;
    }
    if (lane.jobs.length > 1 && lane.jobs[0] === job) lane.jobs.splice(0, 2, ...lane.jobs.slice(0, 2).reverse());
    return lane.jobs[0] === job;
  }

  /** The head and, where batches are on and no webhook rule waits, what may leave right behind it. */
  private batchOf(lane: Lane): Job[] {
    const { settings, rules } = this.options.ledger;
    const most = rules.some(({ kind }) => kind === 'webhook') ? 1 : settings.batch;
    const end = lane.jobs.findIndex(
      (job, index) => index >= most || job.gate !== null || job.webhook.channel !== lane.jobs[0]?.webhook.channel,
    );
    return lane.jobs.slice(0, end === -1 ? lane.jobs.length : end);
  }

  private async deliver(jobs: readonly Job[]): Promise<void> {
    const { ledger, now, backoffMs } = this.options;
    for (let attempt = 0; !this.abort.signal.aborted; attempt += 1) {
      const answer = await this.post(jobs.map(({ webhook }) => webhook));
      if (this.abort.signal.aborted) return;
      for (const { webhook } of jobs) {
        if (!ledger.webhooks.has(webhook.id)) return;
        ledger.write({ type: 'try', webhookId: webhook.id, try: { at: now(), answer } });
      }
      if (answer === 200) return;
      await this.sleep(backoffMs[Math.min(attempt, backoffMs.length - 1)] ?? 1000);
    }
  }

  private async post(webhooks: readonly Webhook[]): Promise<number | string> {
    const { now, baseUrl, appSecret } = this.options;
    const body = Buffer.from(toWireForm(envelope(webhooks, now(), baseUrl())));
    try {
      return (await this.postRaw(body, signBody(body, appSecret))).status;
    } catch (error) {
      return reasonOf(error);
    }
  }

  private finish(job: Job, state: 'delivered' | 'dropped'): void {
    this.options.ledger.write({ type: 'settled', webhookId: job.webhook.id, state, rules: job.rules });
    job.settle();
  }

  /** The set-up GET, until the hub gives the challenge back (MESSENGER 1). */
  private async verifyUntilAnswered(): Promise<void> {
    const { http, webhookUrl, verifyToken, backoffMs, ledger, now } = this.options;
    for (let attempt = 0; !this.abort.signal.aborted; attempt += 1) {
      const challenge = String(randomInt(1e9, 2e9));
      const params = { 'hub.mode': 'subscribe', 'hub.verify_token': verifyToken, 'hub.challenge': challenge };
      try {
        const answer = await http.get<Buffer>(webhookUrl, { params, signal: this.abort.signal });
        this.lastVerification = answer.status;
        if (answer.status === 200 && answer.data.toString('utf8') === challenge) {
          if (!this.abort.signal.aborted) ledger.write({ type: 'verified', at: now() });
          return;
        }
      } catch (error) {
        this.lastVerification = reasonOf(error);
      }
      await this.sleep(backoffMs[Math.min(attempt, backoffMs.length - 1)] ?? 1000);
    }
  }

  /** Resolves after `ms`, or at once when the sender stops or forgets its queue. */
  private sleep(ms: number): Promise<void> {
    if (ms <= 0 || this.abort.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        resolve();
      }, ms);
      this.timers.set(timer, resolve);
    });
  }
}

/** A postback that another app's thread gets shows no payload (MESSENGER 3.12). */
function withoutPayload(body: Record<string, unknown>): Record<string, unknown> {
  if (typeof body.postback !== 'object' || body.postback === null) return body;
  const { payload: _payload, ...postback } = body.postback as Record<string, unknown>;
  return { ...body, postback };
}

function textOf(body: Record<string, unknown>): string | null {
  const message = body.message ?? body.message_edit;
  if (typeof message !== 'object' || message === null || !('text' in message)) return null;
  return typeof message.text === 'string' ? message.text : null;
}

function reasonOf(error: unknown): string {
  if (isAxiosError(error)) return error.code ?? 'no answer';
  return error instanceof Error ? error.message : 'no answer';
}
