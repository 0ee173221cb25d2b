interface Named {
  readonly id: string
  readonly nickname: string | null
  readonly account: string | null
  readonly phone: string | null
}

/** What to call a person: whatever they gave, else the id. */
export function displayName({ id, nickname, account, phone }: Named): string {
  return nickname ?? account ?? phone ?? id
}
