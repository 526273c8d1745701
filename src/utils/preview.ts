const PREVIEW_LENGTH = 120;

/** One line of a message for lists. */
export const previewOf = (text: string | null | undefined, attachmentCount: number): string => {
  const line = (text ?? '').replace(/\s+/g, ' ').trim();
  if (line !== '') return line.length > PREVIEW_LENGTH ? `${line.slice(0, PREVIEW_LENGTH - 1)}…` : line;
  return attachmentCount > 0 ? (attachmentCount === 1 ? 'Attachment' : `${attachmentCount} attachments`) : '';
};
