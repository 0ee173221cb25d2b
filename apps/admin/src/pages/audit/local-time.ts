/** Converts ISO 8601 to the value of `<input type="datetime-local">`, in the browser's time zone. */
export function toLocalTime(at: string | undefined): string {
  if (at === undefined) return ''
  const date = new Date(at)
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 'YYYY-MM-DDTHH:mm'.length)
}

/** Converts the value of such an input to ISO 8601 in UTC; undefined while the value is incomplete. */
export function fromLocalTime(value: string): string | undefined {
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}
