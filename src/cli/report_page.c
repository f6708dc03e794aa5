/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_page.h"

#include <stdlib.h>

void cli_page_put(struct cli_page *page, const char *markup)
{
    if (page->code == BASE_OK)
        page->code = base_buffer_text(page->out, markup);
}

void cli_page_format(struct cli_page *page, const char *format, ...)
{
    char *text = NULL;
    va_list list;
    va_start(list, format);
    int len = vasprintf(&text, format, list);
    va_end(list);
    if (len < 0)
        page->code = page->code == BASE_OK ? base_fail(BASE_E_NOMEM, "no memory for a page") : page->code;
    else
        cli_page_put(page, text);
    if (len >= 0)
        free(text);
}

static const char *entity_of(char letter)
{
    switch (letter) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void cli_page_text(struct cli_page *page, const char *text)
{
    char *safe = cli_safe(text);
    for (const char *from = safe; *from != 0; from++) {
        const char letter[] = {*from, 0}, *entity = entity_of(*from);
        cli_page_put(page, entity == NULL ? letter : entity);
    }
    free(safe);
}

/* Colours of the outcomes after M. Okabe and K. Ito's set, which the colour-blind can tell apart; their order in a bar is
 * fixed, and the numbers stand in a table beside it. In print the page is light whatever the screen is. */
const char cli_page_style[] =
    ":root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--soft:#56606c;--rule:#d3d9e0;"
    "--main:#0b5cad;--band:#0b5cad2b;--other:#9a6100;--alarm:#b3261e;--e0:#0072b2;--e1:#56b4e9;--e2:#009e73;"
    "--e3:#7fc8ae;--e4:#e69f00;--e5:#a0a6ad;--e6:#f0e442;--e7:#dfe4ea;--e8:#b3361b}\n"
    "@media (prefers-color-scheme:dark){:root{--page:#14181d;--ink:#e6eaef;--soft:#a3adb8;--rule:#39424d;"
    "--main:#6cb2f5;--band:#6cb2f533;--other:#e0ae4c;--alarm:#ff8a7a;--e0:#3d9bd6;--e1:#8accf2;"
    "--e2:#22b78c;--e3:#93d6bf;--e4:#e9ab29;--e5:#8b939c;--e6:#efe55a;--e7:#434d59;--e8:#f0694c}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:68rem;padding:1.5rem;background:var(--page);color:var(--ink);"
    "font:16px/1.5 system-ui,'Segoe UI','Liberation Sans',Arial,sans-serif}\n"
    "h1{font-size:1.7rem;line-height:1.2;margin:0 0 .6rem}\n"
    "h2{font-size:1.3rem;margin:2.4rem 0 .6rem;padding-top:.8rem;border-top:2px solid var(--ink)}\n"
    "h3{font-size:1.05rem;margin:1.8rem 0 .5rem}h4{font-size:.95rem;margin:1rem 0 .3rem}\n"
    "p{max-width:46rem;margin:.4rem 0}.soft{color:var(--soft);font-size:.92rem}\n"
    ".alarm{color:var(--alarm);font-weight:600}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0}dt{color:var(--soft)}\n"
    "dd{margin:0;overflow-wrap:anywhere}\n"
    ".two{display:grid;grid-template-columns:repeat(auto-fit,minmax(24rem,1fr));gap:1rem 2rem;align-items:start}\n"
    "@media (max-width:28rem){.two{grid-template-columns:1fr}}figure{margin:.4rem 0;min-width:0}\n"
    "figcaption{font-size:.92rem;margin-bottom:.2rem}svg{display:block;width:100%;height:auto}.wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;margin:.4rem 0}\n"
    "caption{text-align:left;color:var(--soft);padding-bottom:.2rem}\n"
    "th,td{padding:.16rem .6rem;text-align:right;border-bottom:1px solid var(--rule);vertical-align:top;"
    "white-space:nowrap}th:first-child,td.word,th.word{text-align:left}tbody th{font-weight:400}\n"
    "tr.section th{font-weight:600;padding-top:.7rem}thead th{font-weight:600;border-bottom:2px solid var(--rule)}\n"
    ".in0{padding-left:1.2rem!important}.in1{padding-left:2.2rem!important}.in2{padding-left:3.2rem!important}\n"
    "th[scope=colgroup]{text-align:center}.two table{font-size:.82rem;width:100%}\n"
    ".two th,.two td{padding:.14rem .22rem}td.zero{color:var(--soft)}ul.overdue{margin:.3rem 0;padding-left:1.2rem}\n"
    "ul.overdue li::marker{color:var(--alarm)}\n"
    "ul.legend{list-style:none;margin:.3rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;font-size:.9rem}\n"
    "ul.legend svg{display:inline-block;width:.8rem;height:.8rem;margin-right:.35rem;vertical-align:-.05rem}\n"
    "svg text{font:15px system-ui,'Segoe UI','Liberation Sans',Arial,sans-serif;fill:var(--ink)}\n"
    "svg text.soft{font-size:15px;fill:var(--soft)}svg text.strong{font-weight:600}\n"
    ".axis{stroke:var(--soft);stroke-width:1;fill:none}.grid{stroke:var(--rule);stroke-width:1}\n"
    ".band{fill:var(--band);stroke:none}.curve{fill:none;stroke:var(--main);stroke-width:2.2}\n"
    ".curve2{fill:none;stroke:var(--other);stroke-width:1.6;stroke-dasharray:6 3}\n"
    ".mark{stroke:var(--main);stroke-width:1.6}.due{stroke:var(--alarm);stroke-width:1.3;stroke-dasharray:2 3}\n"
    "text.due{fill:var(--alarm);stroke:none}.half{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 4}\n"
    ".e0{fill:var(--e0)}.e1{fill:var(--e1)}.e2{fill:var(--e2)}.e3{fill:var(--e3)}.e4{fill:var(--e4)}\n"
    ".e5{fill:var(--e5)}.e6{fill:var(--e6)}.e7{fill:var(--e7)}.e8{fill:var(--e8)}\n"
    ".seg{stroke:var(--page);stroke-width:1}.us{fill:var(--main)}.them{fill:var(--other)}\n"
    ".unsure{fill-opacity:.35;stroke-dasharray:3 2}.us.unsure{stroke:var(--main)}.them.unsure{stroke:var(--other)}\n"
    "@media print{@page{margin:14mm}\n"
    ":root{color-scheme:light;--page:#fff;--ink:#000;--soft:#444;--rule:#bbb;--main:#0b5cad;"
    "--band:#0b5cad2b;--other:#9a6100;--alarm:#b3261e;--e0:#0072b2;--e1:#56b4e9;--e2:#009e73;--e3:#7fc8ae;"
    "--e4:#e69f00;--e5:#a0a6ad;--e6:#f0e442;--e7:#dfe4ea;--e8:#b3361b}html,body{font-size:9pt}\n"
    "body{max-width:none;padding:0}h2{margin-top:1rem}h3{margin-top:1rem}section.part{break-before:page}\n"
    "section.part:first-of-type{break-before:auto}figure,tr,.keep{break-inside:avoid}\n"
    "h2,h3,h4,p.soft,caption,thead,ul.legend{break-after:avoid}.two{grid-template-columns:1fr 1fr;gap:.5rem 1rem}\n"
    ".two table{font-size:6.8pt}.two th,.two td{padding:.08rem .12rem}.wide{overflow:visible}\n"
    "th,td{padding:.1rem .4rem}table{font-size:8pt}\n"
    "svg *,ul.legend *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}\n";
