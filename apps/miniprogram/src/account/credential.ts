/** The contents of the two fields. */
export interface CredentialInput {
  account: string
  password: string
}

/** A message for each field; '' when there is none. */
export type FieldErrors = CredentialInput

export const noFieldErrors: FieldErrors = { account: '', password: '' }

/** Errors of the fields for binding. Only empty fields: old accounts may break today's rules. */
export function bindErrors(input: CredentialInput): FieldErrors {
  return {
    account: input.account === '' ? '请输入账号' : '',
    password: input.password === '' ? '请输入密码' : '',
  }
}

/** Errors of the fields for a new account. The service checks rare characters. */
export function registerErrors(input: CredentialInput): FieldErrors {
  const errors = bindErrors(input)
  return {
    account: errors.account || newAccountError(input.account),
    password: errors.password || newPasswordError(input.password),
  }
}

export function newAccountError(account: string): string {
  // White space, and every ASCII punctuation mark except . _ - @ +
  if (/[\s!-*,/:-?[-^`{-~]/.test(account)) return '账号只能包含文字、数字和 . _ - @ +'
  if (/^(?:(?:\+|00)?86)?1\d{10}$|^(?:\+|00)\d{7,15}$/.test(account.replaceAll(/[.-]/g, '')))
    return '账号不能是手机号'
  return account.length < 3 || account.length > 64 ? '账号需要 3–64 个字符' : ''
}

export function newPasswordError(password: string): string {
  return password.length < 8 || password.length > 128 ? '密码需要 8–128 个字符' : ''
}
