import GithubSlugger from 'github-slugger'

const fenced = /^( *)```[\s\S]*?^\1```$/gm

/** The anchors of the headings of a Markdown text, as GitHub and the site make them. */
export function anchorsOf(text: string): Set<string> {
  const slugger = new GithubSlugger()
  const headings = text.replaceAll(fenced, '').matchAll(/^#{1,6} (.+)$/gm)
  return new Set(
    [...headings].map(([, heading = '']) =>
      slugger.slug(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*\\]/g, '')),
    ),
  )
}
