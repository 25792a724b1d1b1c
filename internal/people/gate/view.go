package gate

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/quality"
	"tekentafel/internal/people/store"
)

// SourceView is a source as scripts see it.
type SourceView struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Key      string       `json:"key" enum:"number,mail,national" doc:"By what people are recognised."`
	Complete bool         `json:"complete" doc:"Files hold everybody: who is not in one has left."`
	Folder   string       `json:"folder,omitempty"`
	Limits   draft.Limits `json:"limits" doc:"How much may go before an import stops."`
	Prefix   string       `json:"prefix,omitempty" doc:"What stands before each staff number of its files, with a dash between."`
	Mapped   bool         `json:"mapped" doc:"What its columns are is known from an earlier file."`
	Version  int64        `json:"version"`
}

func sourceView(v *store.Source) SourceView {
	return SourceView{ID: v.ID, Name: v.Name, Key: string(v.Key), Complete: v.Complete, Folder: v.Folder, Limits: people.LimitsOf(v), Prefix: v.Prefix, Mapped: v.Mapping != "", Version: v.Version}
}

// ImportView is an import as scripts see it.
type ImportView struct {
	ID       string         `json:"id"`
	Source   string         `json:"source"`
	State    string         `json:"state" enum:"received,previewed,applying,applied,undone,refused,failed"`
	FileName string         `json:"file_name"`
	Created  time.Time      `json:"created"`
	Finished *time.Time     `json:"finished,omitempty"`
	Revision int64          `json:"revision,omitempty" doc:"The change that it became."`
	Version  int64          `json:"version"`
	Problem  string         `json:"problem,omitempty" doc:"Why it came to nothing, in the language asked for."`
	Counts   *people.Counts `json:"counts,omitempty" doc:"What it did."`
	Reading  *ReadingView   `json:"reading,omitempty" doc:"How the file was read; only of a single import."`
	Preview  *PreviewView   `json:"preview,omitempty" doc:"What it would change; only of a single import that can be applied."`
}

func importView(v *store.Import, lang instrument.Lang) ImportView {
	out := ImportView{ID: v.ID, Source: v.Source, State: string(v.State), FileName: v.FileName, Created: v.Created, Revision: v.Revision, Version: v.Version, Counts: people.CountsOf(v)}
	if !v.Finished.IsZero() {
		out.Finished = &v.Finished
	}
	if v.State == store.Failed {
		why := jobs.Trouble{}
		_ = json.Unmarshal([]byte(v.Counts), &why) // without it nothing more is known
		out.Problem = why.In(lang)
	}
	return out
}

// ReadingView is how a file was read.
type ReadingView struct {
	Rows     int              `json:"rows"`
	Columns  []ColumnView     `json:"columns"`
	Notes    []NoteView       `json:"notes" doc:"What was decided or noticed."`
	Mapping  *mapping.Mapping `json:"mapping,omitempty" doc:"What the columns are, or are proposed to be."`
	Known    bool             `json:"known" doc:"The columns are known from an earlier file of the source."`
	Vanished []string         `json:"vanished,omitempty" doc:"Headings that earlier files had."`
}

// ColumnView is a column of a file.
type ColumnView struct {
	Heading    string   `json:"heading"`
	Examples   []string `json:"examples"`
	Filled     int      `json:"filled"`
	Distinct   int      `json:"distinct"`
	New        bool     `json:"new,omitempty" doc:"Earlier files of the source did not have it."`
	Proposed   string   `json:"proposed" doc:"The field that it probably is; empty when it is not used."`
	Confidence float64  `json:"confidence"`
}

// NoteView is something that was decided or noticed while a file was read.
type NoteView struct {
	Kind    string            `json:"kind"`
	Heading string            `json:"heading,omitempty"`
	Rows    [][2]int          `json:"rows,omitempty" doc:"Runs of rows, both ends included, as a spreadsheet counts."`
	Count   int               `json:"count,omitempty"`
	Args    map[string]string `json:"args,omitempty"`
}

func readingView(r *people.Reading) *ReadingView {
	out := &ReadingView{Rows: r.Rows, Columns: []ColumnView{}, Notes: []NoteView{}, Known: r.Saved}
	out.Mapping, _ = mapping.Parse(r.Mapping) // an older form is proposed anew by bringing the file again
	for i := range r.Columns {
		c := &r.Columns[i]
		out.Columns = append(out.Columns, ColumnView{Heading: c.Heading, Examples: append([]string{}, c.Examples...), Filled: c.Filled, Distinct: c.Distinct})
	}
	for i := range r.Proposals {
		if p := &r.Proposals[i]; p.Column >= 0 && p.Column < len(out.Columns) {
			out.Columns[p.Column].Proposed, out.Columns[p.Column].Confidence = string(p.Field), p.Confidence
		}
	}
	for _, i := range r.New {
		if i < len(out.Columns) {
			out.Columns[i].New = true
		}
	}
	for _, v := range r.Vanished {
		out.Vanished = append(out.Vanished, v.Heading)
	}
	for i := range r.Notes {
		n := &r.Notes[i]
		one := NoteView{Kind: string(n.Kind), Heading: n.Heading, Count: n.Count, Args: n.Args}
		for _, s := range n.Rows {
			one.Rows = append(one.Rows, [2]int{s.From, s.To})
		}
		out.Notes = append(out.Notes, one)
	}
	return out
}

func differenceView(p *draft.Part) DifferenceView {
	out := DifferenceView{Added: p.Added, Changed: p.Changed, Gone: p.Gone, Back: p.Back, First: FirstView{p.FirstAdded, p.FirstChanged, p.FirstGone, p.FirstBack}}
	for _, field := range slices.Sorted(maps.Keys(p.Fields)) {
		out.Fields = append(out.Fields, FieldsCount{field, p.Fields[field]})
	}
	return out
}

// PreviewView is what an import would change.
type PreviewView struct {
	Base      int64             `json:"base" doc:"The change that it was compared with."`
	Rows      int               `json:"rows"`
	Taken     int               `json:"taken"`
	Rejected  []RejectedView    `json:"rejected" doc:"The first rows that are not taken."`
	Doubts    []DoubtView       `json:"doubts"`
	Before    int               `json:"before" doc:"People in service."`
	After     int               `json:"after"`
	Same      bool              `json:"same" doc:"Nothing changes."`
	People    DifferenceView    `json:"people"`
	Units     DifferenceView    `json:"units"`
	Functions DifferenceView    `json:"functions"`
	Posts     DifferenceView    `json:"posts"`
	Losses    []draft.Loss      `json:"losses" doc:"What goes beyond the limits of the source; with any, applying needs accept_loss."`
	Renames   []RenameView      `json:"renames" doc:"Units that go and probably stand under another name."`
	Names     map[string]string `json:"names,omitempty" doc:"Of the units, functions and people that the entries point to, by id."`
}

// DifferenceView is what differs in one kind of thing.
type DifferenceView struct {
	Added   int           `json:"added"`
	Changed int           `json:"changed"`
	Gone    int           `json:"gone"`
	Back    int           `json:"back"`
	First   FirstView     `json:"first" doc:"The first of each."`
	Fields  []FieldsCount `json:"fields,omitempty" doc:"How many changed in each field."`
}

// FirstView holds the first of each sort of difference.
type FirstView struct {
	Added   []draft.Entry `json:"added,omitempty"`
	Changed []draft.Entry `json:"changed,omitempty"`
	Gone    []draft.Entry `json:"gone,omitempty"`
	Back    []draft.Entry `json:"back,omitempty"`
}

// FieldsCount is how many changed in a field.
type FieldsCount struct {
	Field string `json:"field"`
	N     int    `json:"n"`
}

// RejectedView is a row that is not taken.
type RejectedView struct {
	Row    int    `json:"row"`
	Kind   string `json:"kind"`
	Column int    `json:"column" doc:"Of the file, from 0; -1 when no single one is to blame."`
	Value  string `json:"value,omitempty"`
}

// DoubtView is something about values that are taken.
type DoubtView struct {
	Kind   string `json:"kind"`
	Field  string `json:"field"`
	Column int    `json:"column"`
	Count  int    `json:"count"`
}

// RenameView is a unit that probably got another name.
type RenameView struct {
	Unit   string `json:"unit"`
	Into   string `json:"into"`
	People int    `json:"people"`
	Moved  int    `json:"moved"`
}

func previewView(p *people.Preview) *PreviewView {
	d := p.Difference
	out := &PreviewView{Base: p.Base, Rows: p.Rows, Taken: p.Taken, Rejected: []RejectedView{}, Doubts: []DoubtView{}, Before: d.Before, After: d.After, Same: d.Same(),
		People: differenceView(&d.People), Units: differenceView(&d.Units), Functions: differenceView(&d.Functions), Posts: differenceView(&d.Posts),
		Losses: append([]draft.Loss{}, d.Losses...), Renames: []RenameView{}, Names: p.Names}
	for _, r := range p.Rejected {
		out.Rejected = append(out.Rejected, RejectedView{r.Row, string(r.Kind), r.Column, r.Value})
	}
	for i := range p.Doubts {
		v := &p.Doubts[i]
		out.Doubts = append(out.Doubts, DoubtView{string(v.Kind), string(v.Field), v.Column, v.Count})
	}
	for _, r := range p.Renames {
		out.Renames = append(out.Renames, RenameView{r.Unit, r.Into, r.People, r.Moved})
	}
	return out
}

// RevisionView is a change as scripts see it.
type RevisionView struct {
	Seq      int64     `json:"seq"`
	Kind     string    `json:"kind" enum:"import,edit,merge,scim,undo"`
	Import   string    `json:"import,omitempty"`
	At       time.Time `json:"at"`
	Put      int64     `json:"put" doc:"Rows that it wrote."`
	Ended    int64     `json:"ended" doc:"Rows that it ended without another in their place."`
	UndoneBy int64     `json:"undone_by,omitempty"`
	Undoes   int64     `json:"undoes,omitempty"`
	Left     int       `json:"left,omitempty" doc:"Of an undo: rows that were left as they are, because they changed again."`
}

func revisionView(v *store.Revision) RevisionView {
	return RevisionView{Seq: v.Seq, Kind: string(v.Kind), Import: v.Import, At: v.At, Put: v.Put, Ended: v.Ended, UndoneBy: v.UndoneBy, Undoes: v.Undoes,
		Left: len(people.NoteOf(v).Conflicts)}
}

// JobView is a job that was started.
type JobView struct {
	Job string `json:"job" doc:"Its id; /jobs/{id} tells how far it is."`
}

// QualityView is how good the data is.
type QualityView struct {
	Revision int64      `json:"revision" doc:"The change after which it was looked at."`
	At       time.Time  `json:"at"`
	Result   ResultView `json:"result"`
}

// ResultView is an assessment as scripts see it.
type ResultView struct {
	*quality.Result
	Checks []CheckView `json:"checks"`
}

// CheckView is how often a kind of fault was found.
type CheckView struct {
	quality.Check
	Examples []ExampleView `json:"examples,omitempty"`
}

// ExampleView is a case. What a fault points to may not be there: then nothing is found under its id.
type ExampleView struct {
	quality.Example
	Person string `json:"person,omitempty" doc:"Of a post: whose it is."`
}

// UnitView is a unit as scripts see it.
type UnitView struct {
	ID     string `json:"id"`
	Code   string `json:"code,omitempty"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty" doc:"Id of the unit above."`
	Kind   string `json:"kind,omitempty"`
	Head   string `json:"head,omitempty" doc:"Id of who leads it."`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty" doc:"The first day on which it is no longer there."`
}

func unitView(u *org.Unit) UnitView {
	return UnitView{u.ID, u.Code, u.Name, u.Parent, u.Kind, u.Head, u.From.String(), u.To.String()}
}

// FunctionView is a function as scripts see it.
type FunctionView struct {
	ID     string `json:"id"`
	Code   string `json:"code,omitempty"`
	Name   string `json:"name"`
	Family string `json:"family,omitempty"`
	Level  string `json:"level,omitempty"`
	Work   string `json:"work,omitempty" doc:"desk, field or both."`
	ISCO   string `json:"isco,omitempty"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
}

func functionView(f *org.Function) FunctionView {
	return FunctionView{f.ID, f.Code, f.Name, f.Family, string(f.Level), string(f.Work), f.ISCO, f.From.String(), f.To.String()}
}

// PersonView is a person as scripts see them.
type PersonView struct {
	ID       string     `json:"id"`
	Given    string     `json:"given,omitempty"`
	Family   string     `json:"family"`
	Mail     string     `json:"mail,omitempty"`
	Language string     `json:"language,omitempty"`
	Out      bool       `json:"out,omitempty" doc:"No longer in service."`
	Manager  string     `json:"manager,omitempty" doc:"Id of their manager."`
	Site     string     `json:"site,omitempty"`
	From     string     `json:"from,omitempty"`
	To       string     `json:"to,omitempty"`
	Posts    []PostView `json:"posts" doc:"The main one first."`
}

// PostView is a post as scripts see it.
type PostView struct {
	ID       string `json:"id"`
	Unit     string `json:"unit,omitempty"`
	Function string `json:"function,omitempty"`
	FTE      int    `json:"fte" doc:"In thousandths of full time; -1 when it is not known."`
	Statute  string `json:"statute,omitempty"`
	Main     bool   `json:"main,omitempty"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
}

func personView(p *people.Person) PersonView {
	out := PersonView{ID: p.ID, Given: p.Given, Family: p.Family, Mail: p.Mail, Language: p.Language, Out: p.Out, Manager: p.Manager, Site: p.Site,
		From: p.From.String(), To: p.To.String(), Posts: []PostView{}}
	for _, x := range p.Posts {
		out.Posts = append(out.Posts, PostView{x.ID, x.Unit, x.Function, x.FTE, x.Statute, x.Main, x.From.String(), x.To.String()})
	}
	return out
}
