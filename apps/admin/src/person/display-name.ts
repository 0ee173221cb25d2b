interface NamedPerson {
  readonly id: string
  readonly nickname: string | null
  readonly account: string | null
  readonly phone: string | null
}

/** The name shown for a person: nickname, account, masked phone number, or the ID. */
export function displayName({ id, nickname, account, phone }: NamedPerson): string {
  return nickname ?? account ?? phone ?? id
}
