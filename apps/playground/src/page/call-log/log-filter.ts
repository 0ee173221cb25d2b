import { byId } from '../element.ts'

/** What is searched in a row: what it shows, in small letters. */
const textOf = (row: Element): string => row.querySelector('summary')?.textContent ?? ''

export interface LogFilter {
  /** Hides a new row that does not match. */
  apply(row: Element): void
}

/** Shows only the rows that have every word of the field. Launches stay, so that it is clear where a call belongs. */
export function setUpLogFilter(rows: HTMLElement): LogFilter {
  const field = byId<HTMLInputElement>('call-log-filter')
  const noMatch = byId('call-log-no-match')

  function apply(row: Element): void {
    if (!row.classList.contains('row')) return
    const words = field.value.toLowerCase().split(/\s+/)
    const text = textOf(row).toLowerCase()
    row.toggleAttribute('hidden', !words.every((word) => text.includes(word)))
  }
  function update(): void {
    for (const row of rows.children) apply(row)
    const all = [...rows.querySelectorAll('.row')]
    noMatch.hidden = all.length === 0 || all.some((row) => !row.hasAttribute('hidden'))
  }
  field.addEventListener('input', update)
  return {
    apply(row) {
      apply(row)
      if (field.value !== '') update()
    },
  }
}
