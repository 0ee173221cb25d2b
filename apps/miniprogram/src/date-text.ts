const two = (value: number) => String(value).padStart(2, '0')

/** `2026年3月9日`, in the phone's time zone (phones do not all have Intl). */
export function dayText(iso: string): string {
  const date = new Date(iso)
  return `${date.getFullYear()}年${date.getMonth() + 1}月${date.getDate()}日`
}

/** `2026年3月9日 08:05`, in the phone's time zone. */
export function minuteText(iso: string): string {
  const date = new Date(iso)
  return `${dayText(iso)} ${two(date.getHours())}:${two(date.getMinutes())}`
}

export function greeting(hour: number): string {
  if (hour < 5) return '夜深了'
  if (hour < 11) return '早上好'
  if (hour < 13) return '中午好'
  if (hour < 18) return '下午好'
  return '晚上好'
}
