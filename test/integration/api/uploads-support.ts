import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { files } from '../../../src/api/files/files.js';
import type { Hub } from '../../../src/hub.js';
import { act } from '../../../src/commands/act.js';
import { startSession } from '../../../src/commands/access/start-session.js';
import { ContactIdentityModel, InboxModel, UserModel, type User } from '../../../src/models/index.js';
import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import type { ApiError } from '../../../src/shared/schemas/error.js';
import { createFolderBlobStore } from '../../../src/storage/blob-store-folder.js';
import type { BlobStore } from '../../../src/storage/blob-store.js';
import { signVisitorToken } from '../../../src/utils/tokens.js';
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

/** The whole application with a folder for blobs and temporary files. */
export class UploadApp {
  readonly test: TestApp;
  readonly blobs: BlobStore;
  readonly folder: string;

  private constructor(test: TestApp, blobs: BlobStore, folder: string) {
    this.test = test;
    this.blobs = blobs;
    this.folder = folder;
  }

  /** @param settings of the environment. */
  static async start(settings: Record<string, string> = {}): Promise<UploadApp> {
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-uploads-'));
    const blobs = await createFolderBlobStore(join(folder, 'files'));
    const running: { test?: TestApp } = {};
    const serveFiles = files({
      get env() {
        return (running.test as TestApp).hub.env;
      },
      now: () => (running.test as TestApp).hub.now(),
      blobs,
    } as Hub);
    running.test = await TestApp.start({ env: { DATA_DIR: folder, ...settings }, parts: { routers: [serveFiles] } });
    running.test.hub.blobs = blobs;
    return new UploadApp(running.test, blobs, folder);
  }

  get hub(): Hub {
    return this.test.hub;
  }

  get url(): string {
    return this.test.url;
  }

  /** An agent who is logged in. */
  async agent(name: string): Promise<Uploader> {
    const row = {
      name,
      email: `${name}@example.com`,
      passwordHash: 'x',
      role: 'agent' as const,
      createdAt: new Date(),
    };
    const user = (await UserModel.create(row)).toObject<User>();
    const { accessToken } = await act(this.hub, { type: 'system' }, (unit) =>
      startSession(unit, user, { userAgent: null, address: null }),
    );
    return { token: accessToken, owner: `user:${String(user._id)}` };
  }

  /** A visitor of an inbox of their own, or of the one named. */
  async visitor(allowedOrigins: string[] = [], inboxId: string | null = null): Promise<Uploader> {
    const createdAt = new Date();
    const accountId = String(new mongoose.Types.ObjectId());
    const website = { channel: 'web', name: 'Shop', accountId, allowedOrigins, createdAt };
    const inbox = inboxId === null ? await InboxModel.create(website) : { _id: new mongoose.Types.ObjectId(inboxId) };
    const externalId = `visitor:${String(new mongoose.Types.ObjectId())}`;
    const row = { inbox: inbox._id, externalId, contact: new mongoose.Types.ObjectId(), createdAt };
    const identity = await ContactIdentityModel.create(row);
    const claims = { identityId: String(identity._id), inboxId: String(inbox._id), epoch: 0 };
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

  async stop(): Promise<void> {
    await this.test.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
