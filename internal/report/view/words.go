package view

// Keys of story.Story.Words: the fixed words of the pages. A story carries each of them in its language; the Dutch in
// the comments says what is meant.
const (
	WordSkip       = "skip-to-content" // Naar de inhoud
	WordContents   = "contents"        // Inhoud
	WordSummary    = "summary"         // In het kort
	WordShowTable  = "show-as-table"   // Toon als tabel
	WordActions    = "actions"         // Wat nu?
	WordNextStep   = "next-step"       // Jullie volgende stap
	WordSteps      = "steps"           // Zo pak je het aan
	WordReach      = "reach"           // Voor wie
	WordEvidence   = "evidence"        // Steunt op
	WordCaveats    = "caveats"         // Lees deze cijfers zo
	WordMethod     = "method"          // Hoe we het maten
	WordData       = "data"            // Welke antwoorden meetellen
	WordMadeWith   = "made-with"       // Gemaakt met Tekentafel
	WordInstrument = "instrument"      // Vragenlijst
	WordVersion    = "version"         // versie
	WordPage       = "page"            // Pagina (in "Pagina 3 van 12")
	WordOf         = "of"              // van (in "Pagina 3 van 12")
	WordFactSheet  = "fact-sheet"      // Wat jullie ons vertelden (kicker of the fact sheet)
	WordAsked      = "asked"           // Wat we vroegen
	WordHeard      = "heard"           // Wat we hoorden
	WordDoing      = "doing"           // Wat we ermee doen
	WordPrivacy    = "privacy"         // Jouw antwoorden blijven van jou
	WordContact    = "contact"         // Vragen?
)

// Words lists the keys that a complete story carries.
func Words() []string {
	return []string{
		WordSkip, WordContents, WordSummary, WordShowTable, WordActions, WordNextStep, WordSteps, WordReach,
		WordEvidence, WordCaveats, WordMethod, WordData, WordMadeWith, WordInstrument, WordVersion, WordPage, WordOf,
		WordFactSheet, WordAsked, WordHeard, WordDoing, WordPrivacy, WordContact,
	}
}
