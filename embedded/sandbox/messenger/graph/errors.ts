import { newTraceId } from '../ids.js';

/** What the platform says about one error; texts are the sandbox's own, callers decide by the numbers (MESSENGER 4). */
interface ErrorFacts {
  code: number;
  subcode?: number;
  message: string;
  /** HTTP status; 400 unless told. */
  status?: number;
  transient?: boolean;
}

const FACTS: readonly ErrorFacts[] = [
  { code: 1, message: '(#1) Something went wrong on our side.', status: 500 },
  { code: 1, subcode: 99, message: '(#1) An unexpected error happened.', status: 500 },
  { code: 1, subcode: 1357046, message: '(#1) Invalid JSON reply received.', status: 500 },
  { code: 2, message: '(#2) The service is unavailable, try again later.', status: 503, transient: true },
  { code: 2, subcode: 2018344, message: '(#2) The Page must accept the terms for custom labels.' },
  { code: 3, message: '(#3) The app lacks the capability or permission for this call.' },
  { code: 4, message: '(#4) The app reached its request limit.', status: 403, transient: true },
  { code: 4, subcode: 2018354, message: '(#4) A marketing message was sent to this person too recently.' },
  { code: 9, subcode: 2018352, message: '(#9) Too many marketing messages were sent to this person.' },
  { code: 10, message: '(#10) The app has no permission for this action.', status: 403 },
  { code: 10, subcode: 2018278, message: '(#10) The message falls outside the allowed window.', status: 403 },
  { code: 10, subcode: 2018065, message: '(#10) The message falls outside the allowed window.', status: 403 },
  { code: 10, subcode: 2018108, message: '(#10) This person cannot receive messages.', status: 403 },
  { code: 17, message: '(#17) The user reached the request limit.', status: 403 },
  { code: 32, message: '(#32) The Page reached its request limit.', status: 403 },
  { code: 100, message: '(#100) Invalid parameter' },
  { code: 100, subcode: 33, message: 'The object does not exist or is not visible to this token.' },
  { code: 100, subcode: 2018001, message: '(#100) No user matches this id.' },
  { code: 100, subcode: 2018008, message: '(#100) The file could not be fetched from the URL.' },
  { code: 100, subcode: 2018047, message: '(#100) Attachment upload failed, the file may be of a wrong type.' },
  { code: 100, subcode: 2018109, message: '(#100) The attachment is larger than allowed.' },
  { code: 100, subcode: 2018218, message: '(#100) No profile available for this user.' },
  { code: 100, subcode: 2534029, message: "(#100) The Page's business portfolio is blocked." },
  { code: 102, message: '(#102) The session is invalid.' },
  { code: 190, message: 'The OAuth access token is invalid.', status: 401 },
  {
    code: 190,
    subcode: 458,
    message: 'Error validating access token: the user has not authorised this app.',
    status: 401,
  },
  {
    code: 190,
    subcode: 459,
    message: 'Error validating access token: the user must log in to Facebook to fix a problem.',
    status: 401,
  },
  {
    code: 190,
    subcode: 460,
    message: 'Error validating access token: the session ended because the password changed.',
    status: 401,
  },
  { code: 190, subcode: 463, message: 'Error validating access token: the session has expired.', status: 401 },
  { code: 190, subcode: 467, message: 'Error validating access token: the token is no longer valid.', status: 401 },
  { code: 200, message: '(#200) Permissions error', status: 403 },
  {
    code: 200,
    subcode: 2018028,
    message: '(#200) Only people with a role on the app can be messaged until pages_messaging is approved.',
    status: 403,
  },
  { code: 200, subcode: 2534041, message: "(#200) The app's access to the Page was removed.", status: 403 },
  { code: 230, message: '(#230) Permissions disallow a message to this user.', status: 403 },
  { code: 368, message: '(#368) The action is blocked because it was judged abusive.' },
  { code: 551, subcode: 1545041, message: '(#551) This person is not available right now.' },
  { code: 613, message: '(#613) Calls to this API exceeded the rate limit.', status: 403, transient: true },
  { code: 1200, message: '(#1200) Temporary failure while sending the message, try again.', status: 500 },
  { code: 2022, message: '(#2022) Commerce messages are switched off.' },
  { code: 10904, message: '(#10904) Messages are switched off in the Page settings.' },
  { code: 80006, message: "(#80006) Too many calls to this Page's messaging account.", status: 403 },
];

/** An error answer of the Graph API. */
export class GraphError extends Error {
  override readonly name = 'GraphError';

  constructor(
    readonly status: number,
    readonly code: number,
    readonly subcode: number | null,
    message: string,
    readonly transient: boolean = false,
  ) {
    super(message);
  }

  /** The body as the platform shapes it. */
  payload(): { error: Record<string, unknown> } {
    return {
      error: {
        message: this.message,
        type: this.code === 100 && this.subcode === 33 ? 'GraphMethodException' : 'OAuthException',
        code: this.code,
        ...(this.subcode === null ? {} : { error_subcode: this.subcode }),
        ...(this.transient ? { is_transient: true } : {}),
        fbtrace_id: newTraceId(),
      },
    };
  }
}

/** The error of a code and subcode; `status` and `message` replace the usual ones. Unknown numbers get a plain text. */
export function graphError(
  code: number,
  subcode: number | null = null,
  { status, message }: { status?: number | null; message?: string } = {},
): GraphError {
  const exact = FACTS.find((facts) => facts.code === code && (facts.subcode ?? null) === subcode);
  const facts = exact ??
    FACTS.find((other) => other.code === code) ?? { code, message: `(#${code}) An error happened.` };
  return new GraphError(
    status ?? facts.status ?? 400,
    code,
    subcode,
    message ?? facts.message,
    facts.transient ?? false,
  );
}

/** Error 100 about our own request, in the platform's manner. */
export function invalid(message: string): GraphError {
  return graphError(100, null, { message: `(#100) ${message}` });
}

/** Code and subcode of everything that can be asked for by a rule, for the phone page's list. */
export function knownErrors(): { code: number; subcode: number | null; message: string }[] {
  return FACTS.map(({ code, subcode, message }) => ({ code, subcode: subcode ?? null, message }));
}
