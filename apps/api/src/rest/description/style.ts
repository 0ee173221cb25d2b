/** Styles of the page at /docs, for light and dark colour schemes. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#dfe3e1, #34403b); --soft: light-dark(#5c6b64, #9aaba3);
  --ground: light-dark(#ffffff, #121714); --card: light-dark(#f6f8f7, #1a211d); --mark: light-dark(#06794a, #3ecf8e); }
body { margin: 0; background: var(--ground); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; } h2 { margin: 3rem 0 0; text-transform: capitalize; }
h3 { margin: 0 0 .5rem; font: 600 1rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
section { margin: 1rem 0; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
section:target { border-color: var(--mark); }
section > p { margin: .25rem 0; }
a { color: var(--mark); }
h3 span { margin-right: .25rem; padding: .1rem .5rem; border: 1px solid currentColor; border-radius: 6px; color: var(--mark); font-size: .8rem; }
h3 span.get { color: var(--soft); }
code { font: .875em ui-monospace, monospace; }
table { width: 100%; margin-top: .75rem; border-collapse: collapse; }
th, td { padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
th { width: 1%; white-space: nowrap; font: 600 .875rem/1.8 ui-monospace, monospace; }
td { overflow-wrap: anywhere; } td:last-child { color: var(--soft); } td table { margin: 0; }
`
