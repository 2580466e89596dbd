"""The style of the HTML report: readable in light and dark, contrast above 4.5 to 1."""

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#6b7280;--soft:#f3f4f6;--link:#0b4fb3;
--error:#a40e26;--warning:#7a4d00;--note:#0b4f6c;--open:#4b4f57;--right:#0f5a2a}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#14171c;--line:#9aa0a6;--soft:#20252c;--link:#9ec5ff;
--error:#ff9d9d;--warning:#ffcf70;--note:#8fd3f0;--open:#c3c7cd;--right:#8be0a4}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem}
a{color:var(--link)}code{font:14px/1.4 ui-monospace,monospace}
p,li,h2,h3{overflow-wrap:anywhere}
.way{display:flex;flex-wrap:wrap;gap:1.6rem;list-style:none;padding:0;margin:1.5rem 0}
.way li{position:relative;flex:1 1 8rem;border:2px solid var(--line);border-radius:8px;padding:.7rem;
background:var(--soft)}
.way li:not(:last-child)::after{content:"";position:absolute;right:-1.2rem;top:50%;width:.6rem;height:.6rem;
border:solid var(--line);border-width:3px 3px 0 0;transform:translateY(-50%) rotate(45deg)}
.way strong{display:block}.way .error{border-color:var(--error)}.way .warning{border-color:var(--warning)}
.way .note{border-color:var(--note)}.way .right{border-color:var(--right)}.way .absent{border-style:dashed}
article{border-left:6px solid var(--line);background:var(--soft);padding:.4rem 1rem;margin:1rem 0;border-radius:4px}
article.error{border-color:var(--error)}article.warning{border-color:var(--warning)}article.note{border-color:var(--note)}
article h3{margin:.3rem 0}article p{margin:.3rem 0}.place{overflow-wrap:anywhere}
.error .word{color:var(--error)}.warning .word{color:var(--warning)}.note .word{color:var(--note)}
.open .word{color:var(--open)}
""".strip()
