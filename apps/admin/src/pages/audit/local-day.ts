/** The day of an ISO 8601 time as `YYYY-MM-DD`, in the browser's time zone. */
export function localDay(at: string): string {
  const date = new Date(at)
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 'YYYY-MM-DD'.length)
}
