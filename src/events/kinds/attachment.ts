export interface AttachmentEvents {
  /** Offered by this host, with its port; '' for what has no address. */
  'attachment.received': { message: string; attachment: string; host: string };
}
