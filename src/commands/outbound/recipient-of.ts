import { ContactIdentityModel, type Message } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { TtlCache } from '../../utils/ttl-cache.js';

/** An identity's id on its platform never changes. */
const recipients = new TtlCache<string | null>(10 * 60_000);

/** The platform's id of whom a message went to; null: they are gone. */
export const recipientOf = ({ identity }: Pick<Message, 'identity'>): Promise<string | null> =>
  recipients.get(String(identity), async () => {
    const found = await onStore(ContactIdentityModel.findById(identity, 'externalId').lean().exec());
    return found?.externalId ?? null;
  });
