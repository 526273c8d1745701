export interface SetupForm {
  code: string;
  name: string;
  email: string;
  password: string;
}

/** A key of `setup:problem`. */
export type SetupProblem = 'codeMissing' | 'nameMissing' | 'emailInvalid' | 'passwordShort' | 'passwordLong';

export const PASSWORD_MIN = 10;
/** bcrypt ignores the bytes after these. */
export const PASSWORD_MAX_BYTES = 72;

/** What is wrong with each field; an empty object lets the form go. */
export function checkSetup({ code, name, email, password }: SetupForm): Partial<Record<keyof SetupForm, SetupProblem>> {
  return {
    ...(code.trim() === '' && { code: 'codeMissing' }),
    ...(name.trim() === '' && { name: 'nameMissing' }),
    ...(!/^[^\s@]+@[^\s@]+$/.test(email.trim()) && { email: 'emailInvalid' }),
    ...(new TextEncoder().encode(password).length > PASSWORD_MAX_BYTES && { password: 'passwordLong' }),
    ...(password.length < PASSWORD_MIN && { password: 'passwordShort' }),
  };
}
