// Written by `npm run indexes` from the files beside it.
import type { ResourceKey } from 'i18next';
import activity from './activity.json' with { type: 'json' };
import attachment from './attachment.json' with { type: 'json' };
import common from './common.json' with { type: 'json' };
import composer from './composer.json' with { type: 'json' };
import connection from './connection.json' with { type: 'json' };
import contact from './contact.json' with { type: 'json' };
import conversation from './conversation.json' with { type: 'json' };
import error from './error.json' with { type: 'json' };
import fault from './fault.json' with { type: 'json' };
import inbox from './inbox.json' with { type: 'json' };
import inboxes from './inboxes.json' with { type: 'json' };
import labels from './labels.json' with { type: 'json' };
import list from './list.json' with { type: 'json' };
import login from './login.json' with { type: 'json' };
import menu from './menu.json' with { type: 'json' };
import message from './message.json' with { type: 'json' };
import people from './people.json' with { type: 'json' };
import reply from './reply.json' with { type: 'json' };
import settings from './settings.json' with { type: 'json' };
import setup from './setup.json' with { type: 'json' };
import shell from './shell.json' with { type: 'json' };
import thread from './thread.json' with { type: 'json' };
import views from './views.json' with { type: 'json' };

/**
 * Every text of the inbox in English by area. Another language is a folder with the same files and an index like this one
 * that says `satisfies Texts`; nothing else has to be told of it.
 */
const english = {
  activity,
  attachment,
  common,
  composer,
  connection,
  contact,
  conversation,
  error,
  fault,
  inbox,
  inboxes,
  labels,
  list,
  login,
  menu,
  message,
  people,
  reply,
  settings,
  setup,
  shell,
  thread,
  views,
};

export default english;

/** The texts of a language; plural forms differ, so keys within an area are checked by a test instead. */
export type Texts = Record<keyof typeof english, ResourceKey>;
