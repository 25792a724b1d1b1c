package view

import (
	"net/url"

	"github.com/a-h/templ"

	"tekentafel/internal/report/story"
)

// Names of the query parameters of an exploration.
const (
	ParamBy       = "by"
	ParamGroup    = "group"
	ParamTopic    = "topic"
	ParamQuestion = "question"
	// A filter lists the groups of one variable and the questions of one topic. These say of which, so that what no longer
	// fits a newly chosen variable or topic is let go of instead of refused.
	paramGroupOf    = "group-of"
	paramQuestionOf = "question-of"
)

// ExploreOptions is what a page knows that an exploration does not.
type ExploreOptions struct {
	Action string // address of the page itself, without its query: where the filters go
	Back   string // address of the report, "" for no link; Label is its text
	Label  string
	// Attributes are put on the form, such as hx-get with hx-target and hx-push-url. The form works without.
	Attributes templ.Attributes
}

// Explore is the exploration for placement in a page of the interface, in the same way as Embed: the page has a main
// landmark around it, no other h1, and the style sheets ui.Base, ui.Charts, ui.Report and ui.Explore. Filters are a form
// that is sent with GET and needs no script. Identifiers begin with "explore".
func Explore(e *story.Exploration, opt ExploreOptions) templ.Component {
	return explored(e, opt)
}

// ExploreSelection reads the query of an exploration's page. A group that belongs to another variable than the one chosen,
// and a question of another topic, are left out.
func ExploreSelection(query url.Values) story.Selection {
	s := story.Selection{By: query.Get(ParamBy), Value: query.Get(ParamGroup), Topic: query.Get(ParamTopic), Question: query.Get(ParamQuestion)}
	if query.Has(paramGroupOf) && query.Get(paramGroupOf) != s.By {
		s.Value = ""
	}
	if query.Has(paramQuestionOf) && query.Get(paramQuestionOf) != s.Topic {
		s.Question = ""
	}
	return s
}

// ExploreQuery writes a selection as the query of its address, without the question mark.
func ExploreQuery(s story.Selection) string {
	query := url.Values{}
	for _, p := range []struct{ name, value string }{
		{ParamBy, s.By}, {ParamGroup, s.Value}, {ParamTopic, s.Topic}, {ParamQuestion, s.Question},
	} {
		if p.value != "" {
			query.Set(p.name, p.value)
		}
	}
	return query.Encode()
}

// address is where a selection is shown.
func address(opt ExploreOptions, s story.Selection) templ.SafeURL {
	return templ.URL(opt.Action + "?" + ExploreQuery(s))
}

// ofGroup is the selection of an exploration with another group.
func ofGroup(e *story.Exploration, group string) story.Selection {
	s := e.Selection
	s.Value = group
	return s
}

// exploreID makes an identifier of a section or panel that no other part of the page has.
func exploreID(id string) string { return "explore-" + anchor(id) }

// exploreLinks lists the topics on the page.
func exploreLinks(e *story.Exploration) []link {
	var out []link
	for _, s := range e.Sections {
		out = append(out, link{exploreID(s.ID), s.Title})
	}
	if len(e.Notes) > 0 {
		out = append(out, link{"explore-notes", e.Words[story.WordExploreNotes]})
	}
	return out
}

// filter is one list to choose from.
type filter struct {
	name, label string
	choices     []story.Choice
	of, in      string // the hidden field that says to what the list belongs, and its value
}

// filters lists what can be chosen.
func filters(e *story.Exploration) []filter {
	out := []filter{
		{name: ParamBy, label: e.Words[story.WordExploreVariable], choices: e.Variables},
		{name: ParamGroup, label: e.Words[story.WordExploreGroup], choices: e.Groups, of: paramGroupOf, in: e.Selection.By},
		{name: ParamTopic, label: e.Words[story.WordExploreTopic], choices: e.Topics},
	}
	if len(e.Questions) > 0 {
		out = append(out, filter{name: ParamQuestion, label: e.Words[story.WordExploreQuestion], choices: e.Questions, of: paramQuestionOf, in: e.Selection.Topic})
	}
	return out
}

// optionText is a choice as a list writes it: of a group that is not shown, it says why.
func optionText(c story.Choice) string {
	if !c.Hidden {
		return c.Label
	}
	return c.Label + " · " + c.Note
}
