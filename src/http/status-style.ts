/** How the public page looks, light and dark, on a phone and on paper. One text, since its hash stands in the policy of the answer. */
export const STATUS_STYLE = `
:root{color-scheme:light dark;--ground:light-dark(#f5f6f4,#101513);--panel:light-dark(#fff,#171e1b);--line:light-dark(#dfe3de,#29332e);--text:light-dark(#1a211e,#e2e8e4);--quiet:light-dark(#56605a,#9ba8a1);--accent:light-dark(#0c5f68,#7cc4ca);--go:light-dark(#176339,#6fd39a);--warn:light-dark(#7a4b00,#e9bd63)}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',sans-serif}
main{max-width:44rem;margin:0 auto;padding:2rem 1rem 3rem}
h1{margin:0 0 1.5rem;font-size:1.75rem;line-height:1.2;overflow-wrap:anywhere}
h2{margin:2rem 0 .5rem;font-size:1.15rem}
h3{margin:0;font-size:1rem}
p{margin:.25rem 0;overflow-wrap:anywhere;white-space:pre-line}
ul{margin:0;padding:0;list-style:none;border:1px solid var(--line);border-radius:6px;background:var(--panel)}
li{padding:.85rem 1rem}
li+li{border-top:1px solid var(--line)}
.calm,.busy{padding:.85rem 1rem;border:1px solid var(--line);border-left:.4rem solid var(--go);border-radius:6px;background:var(--panel)}
.busy{border-left-color:var(--warn)}
.calm h2,.busy h2{margin:0}
.calm strong{color:var(--go)}
.busy strong{color:var(--warn)}
.calm strong::before{content:'\\25CF\\A0' / ''}
.busy strong::before{content:'\\25B2\\A0' / ''}
.busy ul{margin-top:.75rem}
.when,.late{font-weight:600}
.late{color:var(--warn)}
.told,footer{color:var(--quiet);font-size:.875rem}
footer{margin-top:2.5rem}
a{color:var(--accent)}
@media print{body{background:none}li{break-inside:avoid}}
`;
