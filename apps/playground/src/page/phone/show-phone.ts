/** Scrolls to the phone where it cannot be seen: on a small screen it is above the buttons that act on it. */
export function showPhone(): void {
  const phone = document.querySelector('.handset')
  if (!phone) return
  const { top, bottom } = phone.getBoundingClientRect()
  const isSeen = bottom > 120 && top < window.innerHeight - 120
  if (!isSeen) phone.scrollIntoView()
}
