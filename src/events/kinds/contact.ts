export interface ContactEvents {
  'contact.changed': { contact: string; fields: string[] };
  'identity.created': { identity: string; inbox: string; channel: string };
}
