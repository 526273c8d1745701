import type { Env } from '../../env.js';
import { AppError, uploadQuotaUsedUp } from '../../errors.js';
import { actorKey, type StaffActor, type VisitorActor } from '../../policies/index.js';
import { limitAddress } from '../../utils/client-address.js';
import type { LimitPolicy, Limits } from '../../storage/rate-limits.js';

/** Quotas are counted over a day from the first file. Seconds. */
const DAY = 24 * 60 * 60;
/** Visitors get a new identity for the asking, so their address is counted too; several people may share it. */
const VISITORS_OF_ADDRESS = 4;

/** Something that a file takes of somebody's quota. */
interface Share {
  policy: LimitPolicy;
  key: string;
  points: number;
}

/** One file of so many bytes: a point of the files, and one of the volume for each KiB. */
function sharesOf(name: string, key: string, most: { files: number; mb: number }, bytes: number): Share[] {
  const policy = (what: string, points: number): LimitPolicy => ({ name: `${name}-${what}`, points, seconds: DAY });
  return [
    { policy: policy('files', most.files), key, points: 1 },
    { policy: policy('kb', most.mb * 1024), key, points: Math.ceil(bytes / 1024) },
  ];
}

/**
 * Counts a file of a visitor: for them, their address and their inbox.
 * @throws AppError 429 when it is more than a day's quota of one of them; then nothing is counted.
 */
export async function countVisitorUpload(
  { env, limits }: { env: Env; limits: Limits },
  actor: VisitorActor,
  address: string,
  bytes: number,
): Promise<void> {
  const own = { files: env.UPLOAD_VISITOR_FILES, mb: env.UPLOAD_VISITOR_MB };
  const shared = { files: own.files * VISITORS_OF_ADDRESS, mb: own.mb * VISITORS_OF_ADDRESS };
  const inbox = { files: env.UPLOAD_INBOX_FILES, mb: env.UPLOAD_INBOX_MB };
  await take(limits, [
    ...sharesOf('upload-visitor', actorKey(actor), own, bytes),
    ...sharesOf('upload-address', limitAddress(address), shared, bytes),
    ...sharesOf('upload-inbox', actor.inboxId, inbox, bytes),
  ]);
}

/** The same for a file of a member of the team, who is counted alone. */
export async function countStaffUpload(
  { env, limits }: { env: Env; limits: Limits },
  actor: StaffActor,
  bytes: number,
): Promise<void> {
  const own = { files: env.UPLOAD_STAFF_FILES, mb: env.UPLOAD_STAFF_MB };
  await take(limits, sharesOf('upload-staff', actorKey(actor), own, bytes));
}

/** Takes all of the shares or none: a file that is refused leaves room for a smaller one. */
async function take(limits: Limits, shares: Share[]): Promise<void> {
  const taken: Share[] = [];
  try {
    for (const share of shares) {
      taken.push(share);
      await limits.consume(share.policy, share.key, share.points);
    }
  } catch (error) {
    for (const { policy, key, points } of taken) await limits.refund(policy, key, points);
    throw error instanceof AppError && error.status === 429 ? uploadQuotaUsedUp(error.retryAfterSeconds ?? DAY) : error;
  }
}
