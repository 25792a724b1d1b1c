package story

// Keys of Story.Words: the fixed words of a page, a sheet or a workbook, for whoever lays the story out.
const (
	WordSkipToContent = "skip-to-content" // the link before everything else
	WordContents      = "contents"        // heading of the table of contents
	WordSummary       = "summary"         // heading of Story.Summary
	WordActions       = "actions"         // heading of Story.Actions
	WordNextStep      = "next-step"       // label of the first action
	WordEvidence      = "evidence"        // before the chapters that an action rests on
	WordSteps         = "steps"           // before the steps of an action
	WordReach         = "reach"           // before whom an action reaches
	WordMethod        = "method"          // heading of Story.Method
	WordData          = "data"            // heading of Story.Data
	WordCaveats       = "caveats"         // heading of Story.Caveats

	WordShowAsTable = "show-as-table"

	WordAnswer     = "answer"     // table heading: the option chosen
	WordGroup      = "group"      // table heading: the group of people
	WordQuestion   = "question"   // table heading: the wording asked
	WordN          = "n"          // table heading: number of respondents who chose it
	WordBase       = "base"       // table heading: number of respondents who answered
	WordShare      = "share"      // table heading: percentage
	WordMean       = "mean"       // table heading: mean score
	WordFrom       = "from"       // table heading: lower end of the interval
	WordTo         = "to"         // table heading: upper end of the interval
	WordImportance = "importance" // table heading: share of the explained differences
	WordNegative   = "negative"   // table heading: negative answers together
	WordNeutral    = "neutral"    // table heading: the middle of the scale
	WordPositive   = "positive"   // table heading: positive answers together
	WordSuppressed = "suppressed" // a table cell with too few answers

	WordBefore       = "before"       // table heading: the figure of the earlier wave
	WordNow          = "now"          // table heading: the figure of this wave
	WordChange       = "change"       // table heading: the difference
	WordStandardised = "standardised" // table heading: the difference with the composition held the same

	WordFactSheet = "fact-sheet" // fact sheet: the line above the title
	WordAsked     = "asked"      // fact sheet: what we asked
	WordHeard     = "heard"      // fact sheet: what we heard
	WordDoing     = "doing"      // fact sheet: what we do with it
	WordPrivacy   = "privacy"    // fact sheet: label of the privacy line
	WordContact   = "contact"    // fact sheet: label of the contact line

	WordSynthetic  = "synthetic"  // label on each page with generated answers
	WordMadeWith   = "made-with"  // last line of the report
	WordInstrument = "instrument" // "Vragenlijst"
	WordVersion    = "version"
	WordPage       = "page" // "Pagina" in "Pagina 3 van 12"
	WordOf         = "of"   // "van" in "Pagina 3 van 12"
)

// WordKeys lists the keys that Story.Words holds in every language.
func WordKeys() []string {
	return []string{
		WordSkipToContent, WordContents, WordSummary, WordActions, WordNextStep, WordEvidence, WordSteps, WordReach,
		WordMethod, WordData, WordCaveats,
		WordShowAsTable,
		WordAnswer, WordGroup, WordQuestion, WordN, WordBase, WordShare, WordMean, WordFrom, WordTo,
		WordImportance, WordNegative, WordNeutral,
		WordPositive, WordSuppressed, WordBefore, WordNow, WordChange, WordStandardised,

		WordFactSheet, WordAsked, WordHeard, WordDoing, WordPrivacy, WordContact,
		WordSynthetic, WordMadeWith, WordInstrument, WordVersion, WordPage, WordOf,
	}
}
