// Package strategy is the inclusive strategy of an organisation: a document whose first draft writes itself from a report, the gap of
// skills, the reasons why people do not use AI and the actions, and which people then write on.
//
// # Words
//
//   - chapter: a part of the document. Its text is people's; what stands below it are parts.
//   - part: figures or a table that the program adds. Nobody types them.
//   - draft: the text of a chapter that comes with the product, until somebody writes another.
//   - placed: what a report and its gap said when somebody placed their figures, in every language, as it was. When a newer report is
//     there the document says so; nothing changes before somebody places its figures.
//   - figure: a number of what was placed. A text names it between double brackets, and gets the number with its interval.
//
// What stands here was safe to show when it was placed. Where the organisation has raised its smallest group since, parts with figures are
// left out until figures are placed anew.
package strategy
