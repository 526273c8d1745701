import { strings } from '../strings.js';

export interface SetupForm {
  code: string;
  name: string;
  email: string;
  password: string;
}

const PASSWORD_MIN = 10;
/** bcrypt ignores the bytes after these. */
const PASSWORD_MAX_BYTES = 72;

/** What is wrong with each field; an empty object lets the form go. */
export function checkSetup({ code, name, email, password }: SetupForm): Partial<SetupForm> {
  const errors: Partial<SetupForm> = {};
  if (code.trim() === '') errors.code = strings.setup.codeMissing;
  if (name.trim() === '') errors.name = strings.setup.nameMissing;
  if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) errors.email = strings.setup.emailInvalid;
  if (password.length < PASSWORD_MIN) errors.password = strings.setup.passwordShort;
  else if (new TextEncoder().encode(password).length > PASSWORD_MAX_BYTES) errors.password = strings.setup.passwordLong;
  return errors;
}
