/** A web address from a message; anything else leads nowhere. */
export function safeUrl(url: string | undefined): string {
  return url !== undefined && /^https?:\/\//.test(url) ? url : '#';
}
