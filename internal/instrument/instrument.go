// Package instrument holds the questionnaire as data: items, options, conditions, constructs, indicators and
// benchmarks in four languages, and the Answers that people gave to it. It knows nothing of files with answers
// (package intake), of estimators (package stats) or of pages.
package instrument

// Lang is a two-letter interface language.
type Lang string

// The languages that every instrument of the product carries.
const (
	NL Lang = "nl"
	FR Lang = "fr"
	DE Lang = "de"
	EN Lang = "en"
)

// Languages lists the interface languages, Dutch first.
func Languages() []Lang { return []Lang{NL, FR, DE, EN} }

// Text is one text in several languages.
type Text map[Lang]string

// In returns the text in language l, else in Dutch, English, French or German, whichever comes first; "" when empty.
func (t Text) In(l Lang) string {
	if s := t[l]; s != "" {
		return s
	}
	for _, f := range []Lang{NL, EN, FR, DE} {
		if s := t[f]; s != "" {
			return s
		}
	}
	return ""
}

// Instrument is a questionnaire. Order of Items is order of presentation.
type Instrument struct {
	ID          string      `yaml:"id"`
	Version     string      `yaml:"version"`
	Title       Text        `yaml:"title"`
	Description Text        `yaml:"description"`
	Pilot       Text        `yaml:"pilot"`      // set while the wording has not been validated: says so to the reader
	Source      string      `yaml:"source"`     // where a scale or data set comes from
	Languages   []Lang      `yaml:"languages"`  // languages in which every text is present
	GroupSize   int         `yaml:"group_size"` // k: a group of fewer respondents is never shown; 5 or more
	Modules     []Module    `yaml:"modules"`    // parts that a wave may leave out
	Items       []Item      `yaml:"items"`
	Constructs  []Construct `yaml:"constructs"`
	Indicators  []Indicator `yaml:"indicators"`
	Benchmarks  []Benchmark `yaml:"benchmarks"`
	Models      []Model     `yaml:"models"` // regressions that explain an outcome construct ("drivers")

	// Scales are lists of options written once and used by items through OptionsFrom; Parse resolves them.
	Scales map[string][]Option `yaml:"scales"`
	// IgnoreColumns are headings of data files that are known and not part of the instrument.
	IgnoreColumns []string `yaml:"ignore_columns"`
}

// Kind is the kind of an item.
type Kind string

// The kinds of items. A category is a single choice whose options are found in the data (a department, a campus).
const (
	Single   Kind = "single"
	Multiple Kind = "multiple"
	Scale    Kind = "scale"
	Matrix   Kind = "matrix"
	Number   Kind = "number"
	OpenText Kind = "text"
	Info     Kind = "info"
	Category Kind = "category"
)

// Topic says what an item is about, so that the report can answer the study's questions whatever the wording.
type Topic string

// The topics of the report, in its order.
const (
	TopicUse        Topic = "use"        // how often
	TopicSystems    Topic = "systems"    // which systems
	TopicTasks      Topic = "tasks"      // for what
	TopicNonUse     Topic = "nonuse"     // why not
	TopicAdvantages Topic = "advantages" // what people see in it
	TopicDrawbacks  Topic = "drawbacks"
	TopicSkills     Topic = "skills"
	TopicDrivers    Topic = "drivers" // what drives willingness
	TopicSupport    Topic = "support"
	TopicRules      Topic = "rules"
	TopicShadow     Topic = "shadow" // undisclosed use of private tools
	TopicBackground Topic = "background"
	TopicTest       Topic = "test" // a question with better and worse answers: shows what people can do, and is no opinion
	TopicOther      Topic = "other"
)

// Context says where the use takes place.
type Context string

// The contexts of use.
const (
	Work    Context = "work"
	Leisure Context = "leisure"
)

// Item is one question (or information page).
type Item struct {
	ID       string   `yaml:"id"`
	Kind     Kind     `yaml:"kind"`
	Topic    Topic    `yaml:"topic"`
	Context  Context  `yaml:"context"`
	Label    Text     `yaml:"label"` // short name in tables and charts; falls back to Question
	Question Text     `yaml:"question"`
	Help     Text     `yaml:"help"`
	Options  []Option `yaml:"options"` // single, multiple, scale, and shared by the rows of a matrix
	// OptionsFrom names a list in Scales that stands for Options; after Parse, Options holds that list.
	OptionsFrom string   `yaml:"options_from"`
	Rows        []Row    `yaml:"rows"`    // matrix
	Visible     string   `yaml:"visible"` // condition (expr); empty: everyone is asked
	Required    bool     `yaml:"required"`
	Sensitive   bool     `yaml:"sensitive"` // never broken down by group
	Column      string   `yaml:"column"`    // heading in data files; default the ID
	Min         *float64 `yaml:"min"`       // number
	Max         *float64 `yaml:"max"`
	Unit        Text     `yaml:"unit"`
	Group       bool     `yaml:"group"` // background variable by which the report may break down
}

// Module is a part of an instrument that a wave keeps or leaves out as a whole. What stands in no module is always asked.
type Module struct {
	ID          string   `yaml:"id"`
	Label       Text     `yaml:"label"`
	Description Text     `yaml:"description"` // what it tells, for who decides on it
	Items       []string `yaml:"items"`       // IDs of items; each in at most one module
	Required    bool     `yaml:"required"`    // it cannot be left out
	Extra       bool     `yaml:"extra"`       // it is asked only where somebody chose it; see Asking
}

// Row is a line of a matrix: an item of its own with the options of the matrix.
type Row struct {
	ID     string `yaml:"id"`
	Text   Text   `yaml:"text"`
	Label  Text   `yaml:"label"`
	Column string `yaml:"column"`
}

// Option is an answer to choose.
type Option struct {
	ID        string   `yaml:"id"`
	Label     Text     `yaml:"label"`
	Value     *float64 `yaml:"value"`     // score on a scale
	Values    []string `yaml:"values"`    // spellings of this option in data files, beside ID and labels
	Exclusive bool     `yaml:"exclusive"` // multiple: excludes the others
	Missing   Missing  `yaml:"missing"`   // "don't know" or "not applicable": an answer, but outside the base
	Column    string   `yaml:"column"`    // multiple: heading of this option's column; default ITEM.OPTION
}

// Missing tells the two answers that say "no opinion" apart from options.
type Missing string

// The kinds of missing answer that an option can stand for.
const (
	NotMissing           Missing = ""
	MissingDontKnow      Missing = "dont-know"
	MissingNotApplicable Missing = "not-applicable"
)

// Construct is a scale: a score per respondent, the mean of its items after reversal, where at least MinAnswered
// of them are answered.
type Construct struct {
	ID          string   `yaml:"id"`
	Topic       Topic    `yaml:"topic"` // skills, drivers, ...
	Label       Text     `yaml:"label"`
	Description Text     `yaml:"description"`
	Items       []string `yaml:"items"`   // variable IDs (scale items or matrix rows)
	Reverse     []string `yaml:"reverse"` // those of Items that are reverse-coded: score becomes min+max-score
	MinAnswered int      `yaml:"min_answered"`
}

// Indicator is a yes/no figure derived from an item: the share whose answer is one of Options.
type Indicator struct {
	ID      string   `yaml:"id"`
	Topic   Topic    `yaml:"topic"`
	Context Context  `yaml:"context"`
	Label   Text     `yaml:"label"`   // "minstens wekelijks gebruik op het werk"
	Claim   Text     `yaml:"claim"`   // completes "54 % ...": "gebruikt generatieve AI minstens wekelijks op het werk"
	Item    string   `yaml:"item"`    // variable ID of a single, scale or matrix-row variable
	Options []string `yaml:"options"` // the option IDs that count as yes
	All     bool     `yaml:"all"`     // whoever was not asked counts as no (else outside the base)
}

// Benchmark is a published share to set beside ours.
type Benchmark struct {
	ID      string  `yaml:"id"`
	Target  string  `yaml:"target"` // indicator ID, or ITEM.OPTION
	Share   float64 `yaml:"share"`  // published proportion, 0..1
	N       int     `yaml:"n"`      // respondents of the published study
	Rounded bool    `yaml:"rounded"`
	Source  string  `yaml:"source"`
	URL     string  `yaml:"url"`
	Year    int     `yaml:"year"`
	Name    Text    `yaml:"name"` // "het Vlaamse onderzoek bij 576 overheidsmedewerkers"
	Caveat  Text    `yaml:"caveat"`
}

// Model is a regression of an outcome construct on predictor constructs.
type Model struct {
	ID         string   `yaml:"id"`
	Outcome    string   `yaml:"outcome"`
	Predictors []string `yaml:"predictors"`
}
