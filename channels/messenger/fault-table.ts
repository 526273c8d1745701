import type { ChannelFault } from '../errors.js';

export interface FaultRow {
  fault: ChannelFault;
  /** For people. */
  message: string;
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
} as const;

const S = SENTENCES;

/**
 * What each error of the Send API means to us (Meta's pages "Common Error Codes", "Page Messages", "Handling Errors"; numbers
 * that these do not explain follow what app developers report). Without a subcode: every subcode not listed.
 */
const ROWS: [code: number, subcode: number | null, row: FaultRow][] = [
  [1, null, { fault: 'retry', message: S.down, isVague: true }],
  [
    1,
    99,
    {
      fault: 'retry',
      message: `${S.down} If it stays so, the Meta app may lack access or verification.`,
      maxTries: 2,
      lastFault: 'misconfigured',
      isVague: true,
    },
  ],
  // Reported as "invalid reply", although the messages were sent.
  [1, 1357046, { fault: 'unknown_outcome', message: S.unknownOutcome }],
  // Also seen where the person blocked the Page, so it is not tried for ever.
  [2, null, { fault: 'retry', message: S.down, maxTries: 3 }],
  [
    2,
    2018344,
    { fault: 'misconfigured', message: 'The Page has to accept the terms for custom labels on Facebook first.' },
  ],
  [3, null, { fault: 'misconfigured', message: S.permission }],
  [4, null, { fault: 'throttled', message: S.throttled }],
  [4, 2018352, { fault: 'rejected', message: S.marketing }],
  [4, 2018354, { fault: 'rejected', message: S.marketing }],
  [9, 2018352, { fault: 'rejected', message: S.marketing }],
  [9, 2018354, { fault: 'rejected', message: S.marketing }],
  [10, null, { fault: 'misconfigured', message: S.permission }],
  [10, 2018065, { fault: 'window_closed', message: S.windowClosed }],
  [10, 2018108, { fault: 'unreachable', message: S.unavailable }],
  [10, 2018278, { fault: 'window_closed', message: S.windowClosed }],
  [10, 2534022, { fault: 'window_closed', message: S.windowClosed }],
  [17, null, { fault: 'throttled', message: S.throttled }],
  [32, null, { fault: 'throttled', message: S.throttled }],
  [100, null, { fault: 'rejected', message: S.rejected, dropUpload: true }],
  [
    100,
    33,
    { fault: 'rejected', message: 'Facebook does not know this person or file for this Page.', dropUpload: true },
  ],
  [100, 2018001, { fault: 'unreachable', message: 'Facebook knows no such person for this Page.' }],
  [100, 2018008, { fault: 'retry', message: 'Facebook could not fetch the file.', maxTries: 2, dropUpload: true }],
  [
    100,
    2018047,
    {
      fault: 'rejected',
      message: 'Facebook did not take the file; its type may not be what its name says.',
      dropUpload: true,
    },
  ],
  [100, 2018109, { fault: 'rejected', message: 'The file is too large for Messenger.' }],
  [
    100,
    2534029,
    {
      fault: 'policy',
      message: 'Facebook has blocked the business portfolio of this Page. See Meta Business Support.',
    },
  ],
  [102, null, { fault: 'unauthorised', message: S.reconnect }],
  [190, null, { fault: 'unauthorised', message: S.reconnect }],
  [
    190,
    458,
    { fault: 'unauthorised', message: 'The app was removed from the Page. Connect the Page again in its settings.' },
  ],
  [
    190,
    459,
    {
      fault: 'unauthorised',
      message: 'Facebook wants whoever connected the Page to log in there. Then connect the Page again.',
    },
  ],
  [
    190,
    460,
    {
      fault: 'unauthorised',
      message: 'The password of whoever connected the Page has changed. Connect the Page again in its settings.',
    },
  ],
  [
    190,
    463,
    { fault: 'unauthorised', message: 'The access of this Page has expired. Connect the Page again in its settings.' },
  ],
  [
    190,
    464,
    {
      fault: 'unauthorised',
      message:
        'The Facebook account that connected the Page is not confirmed. Confirm it, then connect the Page again.',
    },
  ],
  [190, 467, { fault: 'unauthorised', message: S.reconnect }],
  [
    190,
    490,
    {
      fault: 'unauthorised',
      message: 'Facebook wants whoever connected the Page to log in there. Then connect the Page again.',
    },
  ],
  [
    190,
    492,
    {
      fault: 'unauthorised',
      message:
        'Whoever connected the Page has lost their role on it. Connect the Page again with an account that has one.',
    },
  ],
  [
    190,
    2069032,
    {
      fault: 'unauthorised',
      message: 'Permissions were left out when the Page was connected. Connect it again and allow all of them.',
    },
  ],
  [200, null, { fault: 'misconfigured', message: S.permission }],
  [200, 1545041, { fault: 'unreachable', message: S.unavailable }],
  [
    200,
    2018028,
    {
      fault: 'misconfigured',
      message: 'The Meta app is in development mode: it reaches only people with a role on the app.',
    },
  ],
  [
    200,
    2534041,
    {
      fault: 'unauthorised',
      message: 'The access of the app to the Page was taken away. Connect the Page again in its settings.',
    },
  ],
  [230, null, { fault: 'unreachable', message: 'Facebook does not allow this Page to write to this person.' }],
  [341, null, { fault: 'throttled', message: S.throttled }],
  [
    368,
    null,
    {
      fault: 'policy',
      message:
        'Facebook blocks the Page because it judged its messages abusive. See Page Support before sending again.',
    },
  ],
  [551, null, { fault: 'unreachable', message: S.unavailable }],
  [613, null, { fault: 'throttled', message: S.throttled }],
  [1200, null, { fault: 'retry', message: S.down }],
  [
    2022,
    null,
    { fault: 'policy', message: 'Facebook has switched off commerce messages for this Page. See Page Support.' },
  ],
  [10900, null, { fault: 'unreachable', message: S.answeredComment }],
  [10903, null, { fault: 'unreachable', message: S.answeredComment }],
  [
    10904,
    null,
    {
      fault: 'misconfigured',
      message: 'Messages are switched off in the settings of the Facebook Page. Switch them on there.',
    },
  ],
  [80001, null, { fault: 'throttled', message: S.throttled }],
  [80002, null, { fault: 'throttled', message: S.throttled }],
  [80006, null, { fault: 'throttled', message: S.throttled }],
];

/** Rows by `<code>/<subcode>`; `<code>/` for any other subcode. */
export const FAULTS: ReadonlyMap<string, FaultRow> = new Map(
  ROWS.map(([code, subcode, row]) => [`${code}/${subcode ?? ''}`, row]),
);
