const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a request names us by its `Host` header: the public address, or this machine, at any port, because a forwarded one names its
 * own. A page of a stranger whose name was made to lead here (DNS rebinding) names the stranger.
 */
export function isOwnHost(host: string | undefined, publicUrl: string): boolean {
  if (host === undefined) return false;
  const named = host.toLowerCase();
  const own = new URL(publicUrl);
  const standard = own.protocol === 'https:' ? '443' : '80';
  if (named === own.host || named === `${own.hostname}:${own.port || standard}`) return true;
  return LOOPBACK.includes(named.replace(/:\d+$/, ''));
}
