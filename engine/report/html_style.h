// The head of the HTML page: a policy that forbids it to load or run anything, and its look.
#pragma once

#include <string_view>

namespace viasync::report {

// For fmt: the title, the style sheet.
inline constexpr std::string_view kHtmlHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{}</title>
<style>{}</style>
</head>
<body>
)";

inline constexpr std::string_view kHtmlStyle = R"(
:root{--bg:#fff;--fg:#1d2129;--dim:#5b6472;--line:#dfe3e8;--soft:#f5f7f9;--add:#0f6b34;--addbg:#e3f6e9;
--del:#a3201b;--delbg:#fdeaea;--upd:#855600;--updbg:#fdf2d7;--drift:#0b5f7c;--driftbg:#e0f3f9;
--conf:#7a2a8c;--confbg:#f6e6fa}
@media(prefers-color-scheme:dark){:root{--bg:#15181c;--fg:#e4e7eb;--dim:#9aa4b1;--line:#313740;
--soft:#1d2126;--add:#7fdca0;--addbg:#12331f;--del:#ff9d97;--delbg:#3d1917;--upd:#f0c362;
--updbg:#37290b;--drift:#7fd0ea;--driftbg:#0f2f3a;--conf:#e3a5f2;--confbg:#351b3c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1.5rem;background:var(--bg);color:var(--fg);
font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0}h1 small{color:var(--dim);font-weight:400}
h2,h3{display:inline;font-size:1.05rem;margin:0}h2::first-letter{text-transform:uppercase}
h4,h5{margin:.6rem 0 .2rem;font-size:.85rem;color:var(--dim)}
.big{font-size:1.1rem;font-weight:600}.src,.note{color:var(--dim);font-size:.85rem;margin:.2rem 0}
details{margin:1rem 0;border:1px solid var(--line);border-radius:.5rem;padding:.6rem 1rem}
summary{cursor:pointer}article{margin:1rem 0;padding-top:.8rem;border-top:1px solid var(--line)}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;margin:.6rem 0}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);
vertical-align:top;overflow-wrap:normal}.n{text-align:right;font-variant-numeric:tabular-nums}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0}
dt{color:var(--dim)}dd{margin:0;min-width:0}
pre,code{font:.85rem/1.5 ui-monospace,Consolas,monospace;background:var(--soft);border-radius:.3rem}
pre{margin:0;padding:.4rem .6rem;overflow-x:auto}code{padding:.1rem .3rem}
ins{color:var(--add);background:var(--addbg);text-decoration:none}
del{color:var(--del);background:var(--delbg)}pre del{text-decoration:none}
.b{font-size:.75rem;font-weight:600;padding:.1rem .5rem;border-radius:1rem}
.create{color:var(--add);background:var(--addbg)}.update{color:var(--upd);background:var(--updbg)}
.delete{color:var(--del);background:var(--delbg)}.drift{color:var(--drift);background:var(--driftbg)}
.conflict{color:var(--conf);background:var(--confbg)}.warn{color:var(--del)}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.6rem}
@media(max-width:40rem){body{padding:.8rem}dl{grid-template-columns:1fr}}
@media print{details{border:0;padding:0}}
)";

}  // namespace viasync::report
