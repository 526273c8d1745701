import type { Context } from 'koa';
import type { Env } from '../../env.js';
import { TOKEN_LIFETIME } from '../../utils/tokens.js';

/** The one cookie of the hub. It opens nothing: it only tells which attempts to log in are counted together. */
const COOKIE = 'switchboard_device';
/** The one address it is sent to. */
const PATH = '/api/auth/login';

/** The device token that the browser has kept; null: none. */
export const readDevice = (ctx: Context): string | null => ctx.cookies.get(COOKIE) ?? null;

/** Has the browser keep a device token, out of reach of scripts and of other sites. */
export function keepDevice(env: Env, ctx: Context, token: string): void {
  const lasts = Math.floor(TOKEN_LIFETIME.device / 1000);
  const secure = env.PUBLIC_URL.startsWith('https://') ? '; Secure' : '';
  ctx.append('Set-Cookie', `${COOKIE}=${token}; Path=${PATH}; Max-Age=${lasts}; HttpOnly; SameSite=Strict${secure}`);
}
