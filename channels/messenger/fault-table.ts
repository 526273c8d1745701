import type { ChannelFault } from '../errors.js';

export interface FaultRow {
  fault: ChannelFault;
  /** What people read. */
  says: Saying;
  /** The first one included. */
  maxTries?: number;
  /** What it means when the last try has failed as well; without it that message alone has failed. */
  lastFault?: ChannelFault;
  /** It does not say that nothing was sent: with a server error the outcome is unknown. */
  isVague?: true;
  /** The upload that the send named may be dead. */
  dropUpload?: boolean;
}

/** What people read; several codes mean the same to them. */
export const SENTENCES = {
  down: 'Facebook had a problem of its own and did not take the message.',
  unreachable: 'Facebook could not be reached.',
  unknownOutcome: 'Facebook did not confirm this message; it may have been sent.',
  throttled: 'Facebook limits how much this Page may send just now.',
  rejected: 'Facebook refused this message as invalid.',
  reconnect: 'Facebook no longer accepts the access of this Page. Connect the Page again in its settings.',
  permission:
    'The Meta app lacks a permission that sending needs. Check its permissions and access level in the Meta App Dashboard.',
  windowClosed:
    'Too much time has passed since this person last wrote; Facebook takes no reply before they write again.',
  unavailable:
    'This person cannot be reached on Messenger: they may have blocked the Page or left. Wait until they write again.',
  marketing: 'Facebook takes no further marketing message to this person for now.',
  answeredComment: 'This comment has been answered already or cannot be answered in private.',
  downOrNoAccess:
    'Facebook had a problem of its own and did not take the message. If it stays so, the Meta app may lack access or verification.',
  labelTerms: 'The Page has to accept the terms for custom labels on Facebook first.',
  unknownPersonOrFile: 'Facebook does not know this person or file for this Page.',
  unknownPerson: 'Facebook knows no such person for this Page.',
  fileNotFetched: 'Facebook could not fetch the file.',
  fileRefused: 'Facebook did not take the file; its type may not be what its name says.',
  fileTooLarge: 'The file is too large for Messenger.',
  portfolioBlocked: 'Facebook has blocked the business portfolio of this Page. See Meta Business Support.',
  appRemoved: 'The app was removed from the Page. Connect the Page again in its settings.',
  logInAgain: 'Facebook wants whoever connected the Page to log in there. Then connect the Page again.',
  passwordChanged: 'The password of whoever connected the Page has changed. Connect the Page again in its settings.',
  accessExpired: 'The access of this Page has expired. Connect the Page again in its settings.',
  accountNotConfirmed:
    'The Facebook account that connected the Page is not confirmed. Confirm it, then connect the Page again.',
  roleLost:
    'Whoever connected the Page has lost their role on it. Connect the Page again with an account that has one.',
  permissionsLeftOut: 'Permissions were left out when the Page was connected. Connect it again and allow all of them.',
  developmentMode: 'The Meta app is in development mode: it reaches only people with a role on the app.',
  accessTakenAway: 'The access of the app to the Page was taken away. Connect the Page again in its settings.',
  mayNotWrite: 'Facebook does not allow this Page to write to this person.',
  abusive: 'Facebook blocks the Page because it judged its messages abusive. See Page Support before sending again.',
  commerceOff: 'Facebook has switched off commerce messages for this Page. See Page Support.',
  messagesOff: 'Messages are switched off in the settings of the Facebook Page. Switch them on there.',
} as const;

/** Names a sentence; with the channel in front it is the code by which clients translate it. */
export type Saying = keyof typeof SENTENCES;

/**
 * What each error of the Send API means to us (Meta's pages "Common Error Codes", "Page Messages", "Handling Errors"; numbers
 * that these do not explain follow what app developers report). Without a subcode: every subcode not listed.
 */
const ROWS: [code: number, subcode: number | null, row: FaultRow][] = [
  [1, null, { fault: 'retry', says: 'down', isVague: true }],
  [
    1,
    99,
    {
      fault: 'retry',
      says: 'downOrNoAccess',
      maxTries: 2,
      lastFault: 'misconfigured',
      isVague: true,
    },
  ],
  // Reported as "invalid reply", although the messages were sent.
  [1, 1357046, { fault: 'unknown_outcome', says: 'unknownOutcome' }],
  // Also seen where the person blocked the Page, so it is not tried for ever.
  [2, null, { fault: 'retry', says: 'down', maxTries: 3 }],
  [2, 2018344, { fault: 'misconfigured', says: 'labelTerms' }],
  [3, null, { fault: 'misconfigured', says: 'permission' }],
  [4, null, { fault: 'throttled', says: 'throttled' }],
  [4, 2018352, { fault: 'rejected', says: 'marketing' }],
  [4, 2018354, { fault: 'rejected', says: 'marketing' }],
  [9, 2018352, { fault: 'rejected', says: 'marketing' }],
  [9, 2018354, { fault: 'rejected', says: 'marketing' }],
  [10, null, { fault: 'misconfigured', says: 'permission' }],
  [10, 2018065, { fault: 'window_closed', says: 'windowClosed' }],
  [10, 2018108, { fault: 'unreachable', says: 'unavailable' }],
  [10, 2018278, { fault: 'window_closed', says: 'windowClosed' }],
  [10, 2534022, { fault: 'window_closed', says: 'windowClosed' }],
  [17, null, { fault: 'throttled', says: 'throttled' }],
  [32, null, { fault: 'throttled', says: 'throttled' }],
  [100, null, { fault: 'rejected', says: 'rejected', dropUpload: true }],
  [100, 33, { fault: 'rejected', says: 'unknownPersonOrFile', dropUpload: true }],
  [100, 2018001, { fault: 'unreachable', says: 'unknownPerson' }],
  [100, 2018008, { fault: 'retry', says: 'fileNotFetched', maxTries: 2, dropUpload: true }],
  [
    100,
    2018047,
    {
      fault: 'rejected',
      says: 'fileRefused',
      dropUpload: true,
    },
  ],
  [100, 2018109, { fault: 'rejected', says: 'fileTooLarge' }],
  [
    100,
    2534029,
    {
      fault: 'policy',
      says: 'portfolioBlocked',
    },
  ],
  [102, null, { fault: 'unauthorised', says: 'reconnect' }],
  [190, null, { fault: 'unauthorised', says: 'reconnect' }],
  [190, 458, { fault: 'unauthorised', says: 'appRemoved' }],
  [
    190,
    459,
    {
      fault: 'unauthorised',
      says: 'logInAgain',
    },
  ],
  [
    190,
    460,
    {
      fault: 'unauthorised',
      says: 'passwordChanged',
    },
  ],
  [190, 463, { fault: 'unauthorised', says: 'accessExpired' }],
  [
    190,
    464,
    {
      fault: 'unauthorised',
      says: 'accountNotConfirmed',
    },
  ],
  [190, 467, { fault: 'unauthorised', says: 'reconnect' }],
  [
    190,
    490,
    {
      fault: 'unauthorised',
      says: 'logInAgain',
    },
  ],
  [
    190,
    492,
    {
      fault: 'unauthorised',
      says: 'roleLost',
    },
  ],
  [
    190,
    2069032,
    {
      fault: 'unauthorised',
      says: 'permissionsLeftOut',
    },
  ],
  [200, null, { fault: 'misconfigured', says: 'permission' }],
  [200, 1545041, { fault: 'unreachable', says: 'unavailable' }],
  [
    200,
    2018028,
    {
      fault: 'misconfigured',
      says: 'developmentMode',
    },
  ],
  [
    200,
    2534041,
    {
      fault: 'unauthorised',
      says: 'accessTakenAway',
    },
  ],
  [230, null, { fault: 'unreachable', says: 'mayNotWrite' }],
  [341, null, { fault: 'throttled', says: 'throttled' }],
  [
    368,
    null,
    {
      fault: 'policy',
      says: 'abusive',
    },
  ],
  [551, null, { fault: 'unreachable', says: 'unavailable' }],
  [613, null, { fault: 'throttled', says: 'throttled' }],
  [1200, null, { fault: 'retry', says: 'down' }],
  [2022, null, { fault: 'policy', says: 'commerceOff' }],
  [10900, null, { fault: 'unreachable', says: 'answeredComment' }],
  [10903, null, { fault: 'unreachable', says: 'answeredComment' }],
  [
    10904,
    null,
    {
      fault: 'misconfigured',
      says: 'messagesOff',
    },
  ],
  [80001, null, { fault: 'throttled', says: 'throttled' }],
  [80002, null, { fault: 'throttled', says: 'throttled' }],
  [80006, null, { fault: 'throttled', says: 'throttled' }],
];

/** Rows by `<code>/<subcode>`; `<code>/` for any other subcode. */
export const FAULTS: ReadonlyMap<string, FaultRow> = new Map(
  ROWS.map(([code, subcode, row]) => [`${code}/${subcode ?? ''}`, row]),
);
