import type { Attachment } from '../models/index.js';
import type { AttachmentDto } from '../shared/schemas/attachment.js';
import { signFilePath } from '../utils/signed-url.js';

/** An attachment for anybody who may see its message; the address is short-lived. */
export const presentAttachment = (attachment: Attachment, options: { secret: string; now: number }): AttachmentDto => {
  const id = String(attachment._id);
  return {
    id,
    kind: attachment.kind,
    name: attachment.name,
    mimeType: attachment.mimeType ?? null,
    size: attachment.size ?? null,
    state: attachment.state,
    url: attachment.state === 'stored' ? signFilePath(id, options) : null,
    link: attachment.link ?? null,
    details: attachment.details.map(({ label, value }) => ({ label, value })),
  };
};
