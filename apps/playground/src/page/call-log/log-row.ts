import { element } from '../element.ts'
import { shownName } from '../panel/people.ts'
import { type TextKey, t } from '../text/language.ts'
import type { LogEntry } from './log-entry.ts'

/** @param since when the mini program was launched; milliseconds since the epoch */
export function createLogRow(entry: LogEntry, since: number): HTMLLIElement {
  const { kind, api, procedures, title, detail, ok, outcome } = entry
  const summary = element('summary', {}, [
    element('span', { class: 'at' }, [offset(entry.startedAt - since)]),
    text('span', 'tag', `log.${kind}`),
    element('span', { class: 'name' }, [
      element('b', {}, [title]),
      ...(detail ? [element('small', {}, [detail])] : []),
    ]),
    typeof outcome === 'string'
      ? element('span', { class: 'outcome' }, [outcome])
      : text('span', 'outcome', outcome.key),
    element('span', { class: 'took' }, [`${Math.round(entry.duration)} ms`]),
  ])
  const details = element('details', {}, [summary])
  details.addEventListener('toggle', () => details.append(createParts(entry)), { once: true })
  return element(
    'li',
    {
      class: 'row',
      'data-testid': 'call-log-row',
      'data-kind': kind,
      'data-api': api,
      'data-procedure': procedures.length > 0 ? procedures.join(',') : undefined,
      'data-ok': String(ok),
    },
    [details],
  )
}

export function createLaunchRow(person: string, at: Date): HTMLLIElement {
  const label = element('span')
  const time = element('time', {}, [at.toTimeString().slice(0, 8)])
  const row = element('li', { class: 'launch', 'data-testid': 'call-log-launch' }, [label, time])
  row.dataset['person'] = person
  describeLaunch(row)
  return row
}

export function describeLaunch(row: HTMLElement): void {
  const label = row.querySelector('span')
  if (label) label.textContent = t('log.launch', { person: shownName(row.dataset['person'] ?? '') })
}

/** What was sent on one side, what came back on the other. */
function createParts({ parts }: LogEntry): HTMLElement {
  const isAnswer = ({ label }: Part) => label === 'log.reply' || label === 'log.error'
  return element('div', { class: 'parts' }, [
    element('div', { class: 'sent' }, parts.filter((part) => !isAnswer(part)).flatMap(createPart)),
    element('div', { class: 'received' }, parts.filter(isAnswer).flatMap(createPart)),
  ])
}

type Part = LogEntry['parts'][number]

function createPart({ label, heading, value }: Part): HTMLElement[] {
  const json = JSON.stringify(value, null, 2) ?? 'undefined'
  return [
    element('h4', {}, [text('span', '', label), heading ? ` ${heading}` : '', copyButton(json)]),
    element('pre', { tabindex: '0' }, [json]),
  ]
}

/** Copies a part as it is shown, without secrets. */
function copyButton(json: string): HTMLElement {
  const attributes = { type: 'button', class: 'quiet', 'data-testid': 'copy-part' }
  const button = element('button', { ...attributes, 'data-t': 'log.copy' }, [t('log.copy')])
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(json)
    button.dataset['t'] = 'log.copied'
    button.textContent = t('log.copied')
  })
  return button
}

function text(tag: 'span', className: string, key: TextKey): HTMLElement {
  return element(tag, { class: className || undefined, 'data-t': key }, [t(key)])
}

function offset(ms: number): string {
  if (ms < 10_000) return `+${Math.round(ms)}`
  return ms < 600_000 ? `+${(ms / 1000).toFixed(1)} s` : `+${Math.round(ms / 60_000)} min`
}
