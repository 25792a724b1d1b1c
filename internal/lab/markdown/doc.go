// Package markdown shows what a model or a person wrote as HTML that cannot fetch, run or deceive, on the server (HTML) and, by the same rules, in the
// browser while an answer streams in (assets/markdown.js, which builds nodes and never HTML).
//
// What is formatted: CommonMark without raw HTML, indented code, underlined headings and reference links, with tables, strikethrough and tasks. A
// reference link hides its address at another place of the text; the other three are taken for text because people who paste into a chat
// mean text by them. The end of a line is an end of a line, as people who write in a chat expect. Formulas stay text.
// Headings fit below those of the page, and none skips a level, however the text numbers them.
//
// What is allowed of addresses: https with a host name, and mailto without more, are links, and where they lead stands beside the label: the host,
// or the whole address where it holds a query, a fragment or a long path, since those can carry away what somebody typed. A label that names
// another host is no link; the real host behind it is. Every other address, and that of every image, is text. Nothing is loaded before somebody follows a
// link; pages that hold links should answer with "X-DNS-Prefetch-Control: off" as well (see Header).
//
// What is bounded: the length, quotes and lists in each other, emphasis in emphasis, marks in a block, columns of a table. Beyond a bound a text stays
// plain, so that time grows with length alone.
package markdown
