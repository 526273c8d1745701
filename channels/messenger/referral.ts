import { id, present, record, text, webUrl, type Json } from './fields.js';

/** Where somebody came from (webhook reference `messaging_referrals`): name for data, label for people, value. */
function referralFields(value: unknown): [name: string, label: string, value: string | null][] {
  const referral = record(value) ?? {};
  const ad: Json = record(referral.ads_context_data) ?? {};
  return [
    ['ref', 'Reference', id(referral.ref)],
    ['source', 'Source', text(referral.source)],
    ['adId', 'Ad', id(referral.ad_id)],
    ['adTitle', 'Ad title', text(ad.ad_title)],
    ['postId', 'Post', id(ad.post_id)],
    ['productId', 'Product', id(record(referral.product)?.id) ?? id(ad.product_id)],
    ['flowId', 'Flow', id(ad.flow_id)],
    ['page', 'Page', webUrl(referral.referer_uri)],
  ];
}

/** A referral as an activity's data. */
export function referralData(value: unknown): Record<string, string> {
  return present(Object.fromEntries(referralFields(value).map(([name, , field]) => [name, field])));
}

/** A referral as label/value pairs beside a message. */
export function referralContext(value: unknown): Record<string, string> {
  return present(Object.fromEntries(referralFields(value).map(([, label, field]) => [label, field])));
}
