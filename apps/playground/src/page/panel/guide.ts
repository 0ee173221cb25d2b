import { byId } from '../element.ts'
import { onLanguage, t } from '../text/language.ts'

/** The three steps of the card "In three steps". */
export type GuideStep = 'bind' | 'relaunch' | 'fault'

export interface Guide {
  /** Marks a step as done, for as long as the page is open. */
  done(step: GuideStep): void
}

/** The card that says what to do first. */
export function setUpGuide(hasDemoAccount: boolean): Guide {
  byId('guide-bind').dataset['t'] = hasDemoAccount ? 'guide.bind' : 'guide.bindWithoutDemo'
  const done = new Set<GuideStep>()
  const steps = [...byId('guide-steps').children].filter((step) => step instanceof HTMLElement)
  const draw = (): void => {
    for (const step of steps) {
      const isDone = done.has(step.dataset['step'] as GuideStep)
      step.toggleAttribute('data-done', isDone)
      // The mark is drawn by the style sheet; this is for who hears the page.
      if (isDone) step.setAttribute('aria-label', `${step.textContent} ${t('guide.done')}`)
    }
  }
  onLanguage(() => {
    byId('guide-bind').textContent = t(hasDemoAccount ? 'guide.bind' : 'guide.bindWithoutDemo')
    draw()
  })
  return {
    done(step) {
      done.add(step)
      draw()
    },
  }
}
