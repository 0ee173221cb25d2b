import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'
import { overviewText } from './text.ts'

const figures = ['signIns', 'newUsers', 'bound', 'unbound', 'refused'] as const
const totals = ['users', 'disabled', 'identities', 'sessions'] as const

/** Today's figures compared with the whole of yesterday, and the totals. */
export function KeyFigures({ overview }: { overview: AdminOutput['overview'] }): ReactNode {
  const text = useText(overviewText)
  const format = useFormat()
  const { today, yesterday } = overview
  return (
    <section className="card overview-12" aria-labelledby="overview-today">
      <h2 id="overview-today">{text.today}</h2>
      <p className="secondary-text overview-hint">{text.dayHint}</p>
      <dl className="figures">
        {figures.map((name) => (
          <div key={name}>
            <dt>{text[name]}</dt>
            <dd>
              <strong>{format.number(today[name])}</strong>
              <span className="secondary-text">
                {text.yesterday(format.number(yesterday[name]))}
                <Change from={yesterday[name]} to={today[name]} />
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <dl className="totals">
        {totals.map((name) => (
          <div key={name}>
            <dt>{text[name]}</dt>
            <dd>{format.number(overview.totals[name])}</dd>
          </div>
        ))}
        <div>
          <dt>{text.conflicts}</dt>
          <dd>
            <Link to="/conflicts">{format.number(overview.totals.conflicts)}</Link>
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** The change since yesterday. Not coloured, because an unfinished day cannot be judged. */
function Change({ from, to }: { from: number; to: number }): ReactNode {
  const format = useFormat()
  if (from === 0) return null
  const share = to / from - 1
  const sign = share < 0 ? '−' : '+'
  return <span className="change">{`${sign}${format.percent(Math.abs(share))}`}</span>
}
