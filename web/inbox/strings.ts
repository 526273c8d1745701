import type { ConversationStatus } from '../../src/shared/conversation-status.js';
import type { AttachmentKind, DeliveryState, Priority } from '../../src/shared/words.js';
import type { RefusalReason } from '../../src/shared/reply-policy.js';

/** Every text a person reads in the inbox, in one place so that it can be translated. */

const statuses: Record<ConversationStatus, string> = {
  open: 'Open',
  assigned: 'Assigned',
  in_progress: 'In progress',
  pending: 'Waiting for customer',
  snoozed: 'Snoozed',
  resolved: 'Resolved',
  reopened: 'Reopened',
  closed: 'Closed',
};

const statusMoves: Record<ConversationStatus, string> = {
  open: 'Back to open',
  assigned: 'Set to assigned',
  in_progress: 'Set to in progress',
  pending: 'Wait for customer',
  snoozed: 'Snooze',
  resolved: 'Resolve',
  reopened: 'Reopen',
  closed: 'Close for good',
};

const priorities: Record<Priority, string> = { low: 'Low', normal: 'Normal', high: 'High', urgent: 'Urgent' };

const deliveries: Record<DeliveryState, string> = {
  queued: 'Waiting to be sent',
  sending: 'Sending',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent',
  unconfirmed: 'Unconfirmed: it may or may not have arrived',
};

const attachments: Record<AttachmentKind, string> = {
  image: 'Image',
  video: 'Video',
  audio: 'Audio',
  file: 'File',
  sticker: 'Sticker',
  link: 'Link',
  location: 'Location',
  template: 'Template',
  appointment: 'Appointment',
  unsupported: 'Something that cannot be shown here',
};

const refusals: Record<Exclude<RefusalReason, 'window_closed'>, string> = {
  no_contact_yet: 'The customer has not written yet. On this channel the first message has to come from them.',
  blocked: 'This contact is blocked. Unblock them to reply.',
  disconnected: 'This inbox is disconnected, so replies cannot leave. An administrator can connect it again.',
  archived: 'This conversation is closed. When the customer writes again, a new one begins.',
};

/**
 * Why sends of an inbox wait, by the hub's own reasons: what happened and who has to act. Channels bring sentences of their
 * own, which are shown as they are.
 */
const holds: Record<string, string> = {
  rate_limited: 'The platform limits how much this inbox may send just now. Nobody has to do anything.',
  needs_reauthorisation:
    'The platform no longer accepts the access of this inbox. An administrator has to connect it again.',
  misconfigured:
    'The platform does not let this inbox send: a permission or a setting is missing there. An administrator has to put it right and connect the inbox again.',
  policy:
    'The platform has blocked this inbox for now. An administrator should read the platform’s notice to this account.',
};

/** Where somebody came from, by the platforms' names for it. */
const sources: Record<string, string> = {
  ADS: 'an ad',
  SHORTLINK: 'a link',
  CUSTOMER_CHAT_PLUGIN: 'the chat on a website',
};

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

export const strings = {
  product: 'Switchboard',
  statuses,
  statusMoves,
  priorities,
  deliveries,
  attachments,
  channels: { web: 'Website chat', messenger: 'Messenger' } as Record<string, string>,
  roles: { admin: 'Administrator', supervisor: 'Supervisor', agent: 'Agent', customer: 'Customer' },
  common: {
    cancel: 'Cancel',
    close: 'Close',
    tryAgain: 'Try again',
    back: 'Back to the list',
    loading: 'Loading',
    skip: 'Skip to the conversation',
    unknownError: 'Something went wrong. Try again; if it stays, tell your administrator.',
    unreachable: 'The server cannot be reached. Check your connection and try again.',
    timedOut: 'The server took too long to answer. Try again.',
    crashed: 'This page has stopped working.',
    crashedHint: 'Nothing that was sent is lost. Load the page again to go on.',
    reload: 'Load again',
  },
  login: {
    title: 'Log in',
    lead: 'Welcome back. Log in to your inbox.',
    email: 'E-mail',
    password: 'Password',
    submit: 'Log in',
    wrong: 'E-mail or password is wrong.',
    throttled: (seconds: number | null) =>
      seconds === null ? 'Too many tries. Wait a little and try again.' : `Too many tries. Try again in ${seconds} s.`,
    demo: 'Demo log-ins',
    demoHint: 'Pick one to log in at once.',
    ended: 'You have been logged out. Log in again to go on.',
  },
  setup: {
    title: 'Set up Switchboard',
    lead: 'Create the first administrator. You can add the rest of the team afterwards.',
    code: 'Set-up code',
    codeHint: 'Switchboard prints it when it starts: look into its log.',
    name: 'Your name',
    email: 'E-mail',
    password: 'Password',
    passwordHint: 'At least 10 characters.',
    submit: 'Create administrator',
    codeMissing: 'Enter the set-up code.',
    nameMissing: 'Enter your name.',
    emailInvalid: 'Enter a valid e-mail address.',
    passwordShort: 'Choose at least 10 characters.',
    passwordLong: 'Choose a shorter password: at most 72 bytes.',
  },
  nav: {
    label: 'Views',
    mine: 'Mine',
    unassigned: 'Unassigned',
    all: 'All conversations',
    open: 'Open',
    done: 'Done',
    openDone: 'Which conversations to show',
    menu: 'Show views',
    inboxesFailed: 'The inboxes could not be loaded.',
    needsReauthorisation: 'Needs to be connected again',
    disconnected: 'Disconnected',
  },
  user: {
    theme: 'Appearance',
    light: 'Light',
    dark: 'Dark',
    system: 'Like the system',
    shortcuts: 'Keyboard shortcuts',
    logOut: 'Log out',
    logOutWaiting: (n: number) =>
      `${count(n, 'message has', 'messages have')} not been sent yet and will be lost when you log out.`,
    logOutAnyway: 'Log out anyway',
  },
  shortcuts: [
    ['j', 'Next conversation'],
    ['k', 'Previous conversation'],
    ['r', 'Write a reply'],
    ['n', 'Write a note'],
    ['Enter', 'Send'],
    ['Shift + Enter', 'New line'],
    ['Esc', 'Leave the text box, then the conversation'],
  ] as const,
  live: {
    upToDate: 'Up to date',
    catchingUp: 'Catching up…',
    offline: 'Offline',
    offlineWaiting: (n: number) => `Offline – ${count(n, 'message', 'messages')} waiting`,
    waiting: (n: number) => `${count(n, 'message', 'messages')} being sent`,
  },
  list: {
    label: 'Conversations',
    unread: (n: number) => `${count(n, 'unread message', 'unread messages')}`,
    unassigned: 'Unassigned',
    noMessages: 'No messages yet',
    fromTeam: (preview: string) => `Team: ${preview}`,
    fromBot: (preview: string) => `Bot: ${preview}`,
    emptyMine: 'Nothing waits for you',
    emptyMineHint: 'Conversations that are assigned to you appear here. Look under Unassigned for new ones.',
    emptyUnassigned: 'Nobody is waiting',
    emptyUnassignedHint: 'New conversations without an agent appear here.',
    emptyInbox: 'No open conversations',
    emptyInboxHint: 'Conversations of this inbox appear here as soon as somebody writes.',
    emptyDone: 'Nothing here yet',
    emptyDoneHint: 'Resolved and closed conversations appear here.',
    failed: 'The conversations could not be loaded.',
    moreFailed: 'More conversations could not be loaded.',
    end: 'End of the list',
  },
  thread: {
    choose: 'Choose a conversation',
    chooseHint: 'Pick one from the list, or press j and k to move through it.',
    failed: 'The conversation could not be loaded.',
    gone: 'This conversation is not available to you',
    goneHint: 'It has moved to somebody else, or it does not exist.',
    removed: (number: string, name: string) => `${number} with ${name} is no longer available to you.`,
    empty: 'No messages yet.',
    start: 'Beginning of the conversation',
    olderFailed: 'Older messages could not be loaded.',
    messages: 'Messages',
    newest: 'Jump to newest',
    newBelow: (n: number) => count(n, 'new message', 'new messages'),
    today: 'Today',
    yesterday: 'Yesterday',
    typing: (name: string) => `${name} is typing…`,
    replying: (names: readonly string[]) =>
      names.length === 1
        ? `${names[0] ?? ''} is replying`
        : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} are replying`,
    newMessageFrom: (name: string, text: string) => `New message from ${name}: ${text}`,
    contactPanel: 'Contact details',
    threadOwner: (owner: string) =>
      `${owner} has this conversation on the platform just now. Your reply may be refused until it is handed back.`,
  },
  message: {
    you: 'You',
    note: 'Note, only for the team',
    bot: 'Bot',
    edited: 'Edited',
    unsent: 'This message was taken back.',
    moreAttachments: (n: number) =>
      `${count(n, 'more attachment', 'more attachments')} came with it and cannot be shown.`,
    sentTwice: 'Sent twice',
    sentTwiceHint: 'The platform made two messages of it. The customer sees both.',
    parts: (sent: number, all: number) => `${sent} of ${all} sent`,
    sendAgain: 'Send again',
    sendAgainUnconfirmed: 'Check with the customer first: sending again may show it twice.',
    sendAgainFailed: 'It could not be sent again.',
    tryAgain: 'Try again',
    discard: 'Discard',
    edit: 'Edit',
    waiting: 'Waiting for the connection',
    sending: 'Sending',
    decide: 'Waiting for your decision',
    notSent: 'Not sent',
    heldBack: (name: string, why: string) => `Your message to ${name} has not been sent. ${why}`,
    reply: 'Reply',
    replyTo: (name: string) => `Reply to ${name}`,
    quoted: 'Quoted message',
    quoteUnknown: 'A message that is not available',
    postback: 'Tapped a button',
    quickReplies: 'Quick replies offered',
    context: 'What came with it',
    reactedContact: (emoji: string) => `The customer reacted with ${emoji}`,
    reactedAgent: (emoji: string) => `The team reacted with ${emoji}`,
    from: (name: string, time: string) => `${name}, ${time}`,
  },
  attachment: {
    pending: 'Being copied…',
    failed: 'Could not be copied from the platform',
    gone: 'Could not be loaded',
    open: (name: string) => `Open ${name} in a new tab`,
    enlarge: (name: string) => `Enlarge ${name}`,
    previous: 'Previous image',
    next: 'Next image',
    position: (n: number, all: number) => `Image ${n} of ${all}`,
  },
  composer: {
    label: 'Write to the customer or the team',
    mode: 'Kind of message',
    reply: 'Reply',
    note: 'Note',
    replyPlaceholder: (name: string) => `Reply to ${name}…`,
    notePlaceholder: 'Write a note that only the team sees…',
    closedPlaceholder: 'Replies are closed',
    replyField: 'Your reply',
    noteField: 'Your note',
    send: 'Send',
    addNote: 'Add note',
    attach: 'Attach files',
    remove: (name: string) => `Remove ${name}`,
    uploading: (name: string, percent: number) => `${name}: ${percent} % uploaded`,
    tooBig: (limit: string) => `This file is larger than ${limit}.`,
    tooMany: (n: number) => `A message carries at most ${n} files.`,
    tooLong: (over: number) => `${count(over, 'character', 'characters')} too long`,
    left: (n: number) => `${count(n, 'character', 'characters')} left`,
    waitForUploads: 'Files are still being uploaded.',
    removeFailed: 'Remove the file that could not be uploaded, or try it again.',
    cancelReply: 'Do not reply to this message',
    hint: 'Enter sends, Shift + Enter makes a new line',
  },
  window: {
    open: (left: string) => `You can reply for ${left}`,
    humanAgent: (left: string) =>
      `The usual reply time is over. As a person you can still answer for ${left}; bots cannot.`,
    closed: (when: string) => `Replies closed ${when}. They open again when the customer writes. Notes still work.`,
    refusals,
    holds,
    holdUnknown: 'The platform takes no messages of this inbox just now. If it stays so, tell an administrator.',
    holdKept: 'What you write is kept and leaves by itself as soon as it can.',
    holdKeptUntil: (when: string) => `What you write is kept and leaves by itself ${when}.`,
    days: (days: number, hours: number) => `${count(days, 'day', 'days')}${hours > 0 ? ` ${hours} h` : ''}`,
    hours: (hours: number, minutes: number) => `${hours} h${minutes > 0 ? ` ${minutes} min` : ''}`,
    minutes: (minutes: number) => `${minutes} min`,
    lessThanMinute: 'less than a minute',
    at: (day: string, time: string) => `${day} at ${time}`,
  },
  stale: {
    title: 'Somebody has answered in the meantime',
    lead: 'While you were writing, a colleague replied:',
    unknown: 'While you were writing, a colleague replied. The answer is in the conversation behind this dialog.',
    yours: 'Your message',
    sendAnyway: 'Send anyway',
    keepEditing: 'Keep editing',
  },
  header: {
    status: (status: string) => `Status: ${status}. Change`,
    moveTo: 'Change status',
    accept: 'Accept',
    assign: 'Assign',
    assigned: (name: string) => `Held by ${name}. Change`,
    assignTo: 'Assign to',
    toMe: 'Me',
    unassign: 'Nobody',
    noColleagues: 'No colleagues to choose from',
    closeTitle: 'Close this conversation for good?',
    closeText: 'A closed conversation cannot be reopened. If the customer writes again, a new one begins.',
    statusFailed: 'The status could not be changed.',
    assignFailed: 'The conversation could not be assigned.',
  },
  contact: {
    title: 'Contact',
    noName: 'Visitor',
    email: 'E-mail',
    phone: 'Phone',
    lastSeen: 'Last seen',
    blocked: 'Blocked',
    details: 'Details',
    conversation: 'Conversation',
    number: 'Number',
    subject: 'Subject',
    inbox: 'Inbox',
    channel: 'Channel',
    status: 'Status',
    priority: 'Priority',
    holder: 'Held by',
    nobody: 'Nobody',
    started: 'Started',
    previous: 'Previous conversation',
    none: '–',
    page: 'On the website',
    lastPage: 'Last page',
    cameFrom: 'Came from',
    visited: 'Visited',
    /** Who told a name, an address or a number. */
    toldBy: {
      contact: 'Says so, not confirmed',
      website: 'Confirmed by the website',
      platform: (channel: string) => `From their ${channel} profile`,
    },
    nameNotConfirmed: 'The name is not confirmed',
  },
};

/** What an activity sentence is made of. */
export interface ActivityWords {
  /** Who did it. */
  by: string;
  /** A field of the activity; null: it is not filled. */
  get: (field: string) => string | null;
  /** A status in words. */
  status: (value: string | null) => string;
}

const withDetail = (sentence: string, detail: string | null): string =>
  detail === null ? sentence : `${sentence}: ${detail}`;

const handover = ({ get }: ActivityWords): string => {
  const to = get('to');
  if (to === null) return 'No app has the conversation on the platform now';
  return get('control') === 'request' ? `${to} asks for the conversation` : `The conversation went to ${to}`;
};

/** Sentences of the activity types that the inbox knows; the server writes `status`, `assigned` and `unassigned` itself. */
export const activityStrings: Record<string, (words: ActivityWords) => string> = {
  status: ({ by, get, status }) => `${by} set the status to “${status(get('to'))}”`,
  assigned: ({ by, get }) =>
    get('to') === by ? `${by} took the conversation` : `${by} assigned the conversation to ${get('to') ?? 'somebody'}`,
  unassigned: ({ by }) => `${by} released the conversation`,
  referral: ({ get }) =>
    withDetail(`Came back by ${sources[get('source') ?? ''] ?? 'a link or ad'}`, get('adTitle') ?? get('ref')),
  optin: ({ get }) =>
    withDetail(
      get('status') === 'stopped' ? 'Stopped receiving messages' : 'Agreed to receive messages',
      get('title') ?? get('ref'),
    ),
  handover,
  account_link: ({ get }) => (get('status') === 'unlinked' ? 'Unlinked their account' : 'Linked their account'),
  feedback: ({ get }) => withDetail(withDetail('Gave feedback', get('score')), get('comment')),
  response_feedback: ({ get }) => withDetail('Rated an answer', get('feedback')),
};
