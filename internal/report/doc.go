// Package report is the feature "from answers to a report" as people meet it in the interface and the API: they upload
// answers, let a job compute the Findings, read and explore the report, download it, publish it to staff or share it by a
// link. What the figures are and how they are told lives in the packages below this one; this package keeps them, decides
// who may see them and shows them.
//
// # Words
//
//   - source: uploaded answers with their questionnaire, and if need be a mapping and population margins.
//   - report: what was computed from a source with certain options. Its Findings never change; made anew, it is another report.
//   - published: every signed-in person of the organisation may read it.
//   - link: an address by which anyone may read one report, until it is revoked or ends.
package report
