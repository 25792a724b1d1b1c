package compose

import (
	"context"
	"embed"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Recipes keeps recipes with their waves.
type Recipes interface {
	// Get returns a wave; db.ErrNoRow when there is none.
	Get(ctx context.Context, r db.Reader, waveID string) (wave.Wave, error)
	// Save replaces the recipe of a draft and raises its version; a problem of kind Conflict when the wave has another version or
	// was launched.
	Save(ctx context.Context, s *db.Scope, waveID string, version int64, recipe []byte) error
}

// Frames tells what the frame of a wave knows of its people.
type Frames interface {
	// Levels returns the values of each group variable of the frame, sorted; none while there is no frame.
	Levels(ctx context.Context, r db.Reader, waveID string) (map[string][]string, error)
}

// waves are the recipes in the store of waves.
type waves struct{}

func (waves) Get(ctx context.Context, r db.Reader, waveID string) (wave.Wave, error) {
	return wave.One(ctx, r, waveID)
}

func (waves) Save(ctx context.Context, s *db.Scope, waveID string, version int64, recipe []byte) error {
	return wave.SaveRecipe(ctx, s, waveID, version, recipe)
}

func (waves) Levels(ctx context.Context, r db.Reader, waveID string) (map[string][]string, error) {
	return wave.LevelsOf(ctx, r, waveID)
}

// Dependencies of the package. Recipes and Frames may be nil for those in the store of waves.
type Dependencies struct {
	DB      *db.DB
	Audit   *audit.Log
	Now     clock.Clock
	Recipes Recipes
	Frames  Frames
}

// Service puts questionnaires together.
type Service struct {
	Dependencies
	mu    sync.Mutex
	bases map[string]*instrument.Instrument // built-in ones, by name; shared, and never changed
}

// New returns the service. It registers the words of its entries in the log.
func New(d Dependencies) *Service {
	if d.Recipes == nil {
		d.Recipes = waves{}
	}
	if d.Frames == nil {
		d.Frames = waves{}
	}
	d.Audit.Explain(locale())
	return &Service{Dependencies: d, bases: map[string]*instrument.Instrument{}}
}

func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

func allow(actor access.Actor, action access.Action) error {
	if !access.Can(actor, action, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}

// base opens the base of a recipe; built-in ones are read once.
func (s *Service) base(b Base) (*instrument.Instrument, error) {
	if b.Own() {
		return b.Open()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if in := s.bases[b.Name]; in != nil {
		return in, nil
	}
	in, err := b.Open()
	if err == nil {
		s.bases[b.Name] = in
	}
	return in, err
}

// Set is a wave with its recipe, and what that makes.
type Set struct {
	Wave   wave.Wave
	Recipe Recipe
	Base   *instrument.Instrument
	Given  Given
	*Draft
}

// Locked tells whether the questionnaire can no longer change.
func (set *Set) Locked() bool { return set.Wave.State.Launched() }

// Open returns the questionnaire of a wave that actor may read, as far as it is. Of a wave that was launched that is what was
// launched.
func (s *Service) Open(ctx context.Context, actor access.Actor, waveID string) (*Set, error) {
	if err := allow(actor, access.ReadWave); err != nil {
		return nil, err
	}
	return s.load(ctx, s.DB.Of(actor.Tenant), waveID)
}

func (s *Service) load(ctx context.Context, r db.Reader, waveID string) (*Set, error) {
	w, err := s.Recipes.Get(ctx, r, waveID)
	if err != nil {
		return nil, err
	}
	set, err := s.set(ctx, r, w)
	if err != nil || !set.Locked() {
		return set, err
	}
	asked, err := wave.Instrument(ctx, r, waveID)
	if err != nil {
		return nil, err
	}
	set.Instrument, set.Issues = asked, nil
	return set, nil
}

// set carries out the recipe of a wave.
func (s *Service) set(ctx context.Context, r db.Reader, w wave.Wave) (*Set, error) {
	recipe, err := Read(w.Recipe)
	if err != nil {
		return nil, err
	}
	base, err := s.base(recipe.Base)
	if err != nil {
		return nil, err
	}
	set := &Set{Wave: w, Recipe: recipe, Base: base, Given: Given{Languages: w.Languages, GroupSize: w.GroupSize}}
	if set.Given.Levels, err = s.Frames.Levels(ctx, r, w.ID); err != nil {
		return nil, err
	}
	set.Draft = NewDraft(base, &set.Recipe, set.Given)
	return set, nil
}

// Change is what is known of a change.
type Change struct {
	What    string // in a word, for the log
	Version int64  // of the wave that it was made on
	Asked   asked.Request
}

// Change changes the recipe of a draft that actor may change. It is a Conflict when somebody else changed the wave since the
// version that the change was made on. A change may run more than once.
func (s *Service) Change(ctx context.Context, actor access.Actor, waveID string, c Change, change func(*Set) error) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		_, err := asked.Once(ctx, tx, s.Now, c.Asked, func() (bool, error) { return true, s.apply(ctx, tx, actor, waveID, c, change) })
		return err
	})
}

// apply makes a change in the transaction of tx.
func (s *Service) apply(ctx context.Context, tx *db.Scope, actor access.Actor, waveID string, c Change, change func(*Set) error) error {
	w, err := s.Recipes.Get(ctx, tx.Reader, waveID)
	if err != nil {
		return err
	}
	if w.State.Launched() {
		return refuse(problem.Conflict, "error.locked", nil)
	}
	if w.Version != c.Version {
		return refuse(problem.Conflict, "error.changed", nil)
	}
	set, err := s.set(ctx, tx.Reader, w)
	if err != nil {
		return err
	}
	if err := change(set); err != nil {
		return err
	}
	recipe, err := set.Recipe.JSON()
	if err != nil {
		return err
	}
	if len(recipe) > MaxRecipe {
		return refuse(problem.TooLarge, "error.too-large", nil)
	}
	if err := s.Recipes.Save(ctx, tx, waveID, c.Version, recipe); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.questions", Subject: waveID, Detail: map[string]string{"change": c.What}})
}

// Recipe implements wave.Questionnaires: the recipe that asks a built-in questionnaire as it is.
func (s *Service) Recipe(base string) ([]byte, error) {
	r := NewRecipe(base)
	if _, err := s.base(r.Base); err != nil {
		return nil, refuse(problem.Invalid, "error.base", nil).Because(err)
	}
	return r.JSON()
}

// Compose implements wave.Questionnaires: the text of the questionnaire of w as it would be asked now, or what is in the way.
func (s *Service) Compose(ctx context.Context, r db.Reader, w *wave.Wave) ([]byte, []wave.Problem, error) {
	set, err := s.set(ctx, r, *w)
	if err != nil {
		return nil, nil, err
	}
	if len(set.Issues) > 0 {
		return nil, inTheWay(set), nil
	}
	_, text, err := Compose(set.Base, &set.Recipe, set.Given)
	if err != nil {
		return nil, []wave.Problem{{Key: "questions.refused", Message: say("ready.refused", nil), Href: pageOf(w.ID)}}, nil //nolint:nilerr // it is told where it can be mended
	}
	return text, warnings(set), nil
}

var saysAnonymous = regexp.MustCompile(`(?i)\banon(y|ie?)m`)

// falselyAnonymous lists the pages of information that tell people that they answer anonymously, where the wave is confidential.
func falselyAnonymous(set *Set) []*instrument.Item {
	var out []*instrument.Item
	if set.Wave.Mode != wave.Confidential {
		return nil
	}
	for i := range set.Instrument.Items {
		it := &set.Instrument.Items[i]
		if it.Kind == instrument.Info && slices.ContainsFunc(set.Given.Languages, func(l instrument.Lang) bool {
			return saysAnonymous.MatchString(it.Question[l]) || saysAnonymous.MatchString(it.Help[l])
		}) {
			out = append(out, it)
		}
	}
	return out
}

var saysMinutes = regexp.MustCompile(`(?i)\b([0-9]{1,3})[\s\x{a0}\x{202f}]min`)

// falselyShort lists the pages of information that promise people fewer minutes than the longest route takes.
func falselyShort(set *Set) []*instrument.Item {
	routing, err := instrument.CompileRouting(set.Instrument)
	if err != nil {
		return nil // said as an issue
	}
	longest := map[instrument.Lang]float64{}
	for _, l := range set.Given.Languages {
		longest[l] = routing.Minutes(l).Longest
	}
	var out []*instrument.Item
	for i := range set.Instrument.Items {
		it := &set.Instrument.Items[i]
		if it.Kind == instrument.Info && slices.ContainsFunc(set.Given.Languages, func(l instrument.Lang) bool {
			return promises(it.Question[l], longest[l]) || promises(it.Help[l], longest[l])
		}) {
			out = append(out, it)
		}
	}
	return out
}

// promises tells whether a text names fewer minutes than it takes, by a whole minute or more: the time is an estimate.
func promises(text string, minutes float64) bool {
	for _, m := range saysMinutes.FindAllStringSubmatch(text, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil && float64(n)+1 <= minutes {
			return true
		}
	}
	return false
}

// warnings are what one should look at before the launch, and may leave.
func warnings(set *Set) []wave.Problem {
	var out []wave.Problem
	for _, it := range falselyAnonymous(set) {
		out = append(out, wave.Problem{Key: "questions.says-anonymous", Message: say("ready.says-anonymous", nil), Href: pageOf(set.Wave.ID) + "/texts/" + it.ID, Warns: true})
	}
	for _, it := range falselyShort(set) {
		out = append(out, wave.Problem{Key: "questions.says-minutes", Message: say("ready.says-minutes", nil), Href: pageOf(set.Wave.ID) + "/texts/" + it.ID, Warns: true})
	}
	return out
}

// text returns the text of the questionnaire of a set: what was launched, else what would be asked now.
func (s *Service) text(ctx context.Context, t tenant.ID, set *Set) ([]byte, error) {
	if set.Locked() {
		return wave.Questionnaire(ctx, s.DB.Of(t), set.Wave.ID)
	}
	_, text, err := Compose(set.Base, &set.Recipe, set.Given)
	if err != nil {
		return nil, refuse(problem.Conflict, "error.not-ready", nil).Because(err)
	}
	return text, nil
}

// inTheWay sums up what is in the way, each sort once, with how often.
func inTheWay(set *Set) []wave.Problem {
	var out []wave.Problem
	count := map[string]int{}
	for _, issue := range set.Issues {
		count[issue.Key]++
	}
	for _, issue := range set.Issues {
		if n := count[issue.Key]; n > 0 {
			out = append(out, wave.Problem{Key: "questions." + issue.Key, Message: say("ready."+issue.Key, i18n.Args{"n": itoa(n)}), Href: pageOf(set.Wave.ID)})
			count[issue.Key] = 0
		}
	}
	return out
}

// pageOf is where the questions of a wave are.
func pageOf(waveID string) string { return "/waves/" + waveID + "/questions" }

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}
