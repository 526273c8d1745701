import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose from 'mongoose';
import type { Hub } from '../../../src/hub.js';
import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import type { ApiError } from '../../../src/shared/schemas/error.js';
import type { BlobStore } from '../../../src/storage/blob-store.js';
import { signVisitorToken } from '../../../src/utils/tokens.js';
import { buildIdentity, buildInbox, buildUser, logInAs } from '../../support/build.js';
import { TestApp } from './support.js';

/** Somebody who may upload. */
export interface Uploader {
  token: string;
  /** As attachments name their owner. */
  owner: string;
  /** A visitor's inbox. */
  inboxId?: string;
}

export interface UploadAnswer {
  status: number;
  headers: Headers;
  body: { success?: boolean; data?: { attachment: AttachmentDto }; error?: ApiError };
}

interface SendOptions {
  path?: string;
  headers?: Record<string, string>;
}

/** A file of a form. */
export const file = (bytes: Buffer | string, name: string, type = 'application/octet-stream'): File =>
  new File([bytes], name, { type });

/** The application as those see it who upload. */
export class UploadApp {
  private constructor(readonly test: TestApp) {}

  /** @param env settings of the environment. */
  static async start(env: Record<string, string> = {}): Promise<UploadApp> {
    return new UploadApp(await TestApp.start({ env }));
  }

  get hub(): Hub {
    return this.test.hub;
  }

  get blobs(): BlobStore {
    return this.hub.blobs;
  }

  /** Where blobs and temporary files lie. */
  get folder(): string {
    return this.hub.env.DATA_DIR;
  }

  get url(): string {
    return this.test.url;
  }

  /** An agent who is logged in. */
  async agent(name: string): Promise<Uploader> {
    const { user, accessToken } = await logInAs(this.hub, await buildUser({ name }));
    return { token: accessToken, owner: `user:${String(user._id)}` };
  }

  /** A visitor of an inbox of their own, or of the one named. */
  async visitor(allowedOrigins: string[] = [], inboxId: string | null = null): Promise<Uploader> {
    const inbox = inboxId === null ? (await buildInbox({ allowedOrigins }))._id : new mongoose.Types.ObjectId(inboxId);
    const identity = await buildIdentity({ inbox });
    const claims = { identityId: String(identity._id), inboxId: String(inbox), epoch: 0 };
    const token = signVisitorToken(claims, this.hub.env.JWT_SECRET, this.hub.now());
    return { token, owner: `identity:${claims.identityId}`, inboxId: claims.inboxId };
  }

  /** Sends a form; fields in the order given. */
  upload(who: Uploader | null, fields: [string, File | string][], options: SendOptions = {}): Promise<UploadAnswer> {
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, value);
    return this.post(who, form, options);
  }

  async post(
    who: Uploader | null,
    body: NonNullable<RequestInit['body']>,
    { path = '/api/uploads', headers = {} }: SendOptions = {},
  ): Promise<UploadAnswer> {
    const authorization = who === null ? {} : { Authorization: `Bearer ${who.token}` };
    const init = { method: 'POST', body, headers: { ...authorization, ...headers }, duplex: 'half' } as RequestInit;
    const answer = await fetch(this.url + path, init);
    if (answer.status === 500)
      throw new Error(`POST ${path} failed`, { cause: this.test.logs.at(-1)?.fields['error'] });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as UploadAnswer['body'] };
  }

  /** Uploads one file that has to be taken. */
  async stored(who: Uploader, sent: File): Promise<AttachmentDto> {
    const { status, body } = await this.upload(who, [['file', sent]]);
    if (status !== 201 || body.data === undefined) throw new Error(JSON.stringify(body));
    return body.data.attachment;
  }

  get(address: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
    return fetch(this.url + address, { method, headers });
  }

  /** What uploads have left in the folder for temporary files. */
  leftovers(): Promise<string[]> {
    return readdir(join(this.folder, 'tmp')).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
  }

  stop(): Promise<void> {
    return this.test.stop();
  }
}
