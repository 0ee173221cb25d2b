/** As `<input type="datetime-local">` wants it, in the browser's time zone; ISO 8601 in. */
export function toLocalTime(at: string | undefined): string {
  if (at === undefined) return ''
  const date = new Date(at)
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 'YYYY-MM-DDTHH:mm'.length)
}

/** ISO 8601 in UTC; undefined while nothing whole is typed. */
export function fromLocalTime(value: string): string | undefined {
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}
