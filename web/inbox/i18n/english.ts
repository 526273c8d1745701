import activity from '../locales/en/activity.json' with { type: 'json' };
import attachment from '../locales/en/attachment.json' with { type: 'json' };
import common from '../locales/en/common.json' with { type: 'json' };
import composer from '../locales/en/composer.json' with { type: 'json' };
import connection from '../locales/en/connection.json' with { type: 'json' };
import contact from '../locales/en/contact.json' with { type: 'json' };
import conversation from '../locales/en/conversation.json' with { type: 'json' };
import error from '../locales/en/error.json' with { type: 'json' };
import fault from '../locales/en/fault.json' with { type: 'json' };
import inbox from '../locales/en/inbox.json' with { type: 'json' };
import inboxes from '../locales/en/inboxes.json' with { type: 'json' };
import list from '../locales/en/list.json' with { type: 'json' };
import login from '../locales/en/login.json' with { type: 'json' };
import menu from '../locales/en/menu.json' with { type: 'json' };
import message from '../locales/en/message.json' with { type: 'json' };
import people from '../locales/en/people.json' with { type: 'json' };
import reply from '../locales/en/reply.json' with { type: 'json' };
import settings from '../locales/en/settings.json' with { type: 'json' };
import setup from '../locales/en/setup.json' with { type: 'json' };
import shell from '../locales/en/shell.json' with { type: 'json' };
import thread from '../locales/en/thread.json' with { type: 'json' };
import views from '../locales/en/views.json' with { type: 'json' };

/** Every text of the inbox in English by area. A new area is a file in `locales/<language>` and a line here. */
export const english = {
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

export type Area = keyof typeof english;
