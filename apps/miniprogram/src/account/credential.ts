export interface Typed {
  account: string
  password: string
}

export type Faults = Typed

export const noFaults: Faults = { account: '', password: '' }

/** What is missing before an account can be tried. Old accounts may break today's rules. */
export function faultsToBind(typed: Typed): Faults {
  return {
    account: typed.account === '' ? '请输入账号' : '',
    password: typed.password === '' ? '请输入密码' : '',
  }
}

/** What keeps this from becoming a new account; the service has the last word on rare characters. */
export function faultsToRegister(typed: Typed): Faults {
  const faults = faultsToBind(typed)
  return {
    account: faults.account || newAccountFault(typed.account),
    password: faults.password || newPasswordFault(typed.password),
  }
}

function newAccountFault(account: string): string {
  // White space, and every ASCII sign but . _ - @ +
  if (/[\s!-*,/:-?[-^`{-~]/.test(account)) return '账号只能包含文字、数字和 . _ - @ +'
  return account.length < 3 || account.length > 64 ? '账号需要 3–64 个字符' : ''
}

export function newPasswordFault(password: string): string {
  return password.length < 8 || password.length > 128 ? '密码需要 8–128 个字符' : ''
}
