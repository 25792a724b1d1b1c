package ui

import (
	"strings"

	"github.com/a-h/templ"

	"tekentafel/internal/instrument"
)

// Product is the name of the product, as it stands in the bar and in the title of each page.
const Product = "Tekentafel"

// Page is what Shell and Bare draw around the content of a page. Only Lang and Title are needed.
type Page struct {
	Lang  instrument.Lang
	Title string // of the document and, where Heading is empty, the heading of the page

	Heading string   // the h1, when it differs from Title
	NoH1    bool     // the content brings its own h1
	Kicker  string   // a short line above the heading
	Lead    string   // a paragraph below the heading
	Cover   bool     // the heading stands large on grid paper
	Actions []Action // beside or below the heading: at most one is of kind Next
	Invalid bool     // the page shows a form with errors: its title says so first

	Full   bool // the content takes the whole width and brings its own columns, as a report does
	Report bool // the content needs the style sheet of reports
	Live   bool // a part of the content renews itself: it needs htmx, which other pages do without

	Home         string // where the mark leads; "" for "/"
	Doors        []Door // of the five, those that this person can open
	Organisation string
	Logo         string // address of an image that stands for the organisation, or ""
	Theme        string // address of the style sheet with the colours of the organisation, or ""
	Who          string // who is signed in, by name; "" for nobody
	Part         string // the part that this person plays and where, such as "HR · Stad Voorbeeld", or ""
	Account      []Link // in the menu under Who
	SignOut      string // where the form to sign out posts to; "" for no such form

	Languages    []Language // those that this page can be read in
	LanguagePost string     // when set, choosing a language posts lang and back to this address
	Here         string     // the address of this page, which LanguagePost gets as back

	Synthetic bool // the page shows made-up data, and says so
	Notices   []Notice
	Crumbs    []Link // from the outermost page to the one above this
	Back      *Link  // instead of Crumbs: the one page to go back to
	Footer    []Link // help, accessibility, privacy and the like
	Version   string
}

// Door is one of the five doors of the navigation.
type Door struct {
	Key, Href, Label string
	Current          bool
}

// Link leads to another page.
type Link struct {
	Label, Href string
	Current     bool // it leads to the page on which it stands
}

// Language is a language that the page can be read in.
type Language struct {
	Lang    instrument.Lang
	Href    string // not needed with Page.LanguagePost
	Current bool
}

// documentTitle is the title of the document: what the page is about first, then the organisation, then the product.
func (p Page) documentTitle() string {
	parts := []string{p.Title}
	if p.Invalid {
		parts[0] = WordErrorPrefix.In(p.Lang) + ": " + p.Title
	}
	for _, part := range []string{p.Organisation, Product} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " – ")
}

func (p Page) heading() string {
	if p.Heading != "" {
		return p.Heading
	}
	return p.Title
}

func (p Page) home() string {
	if p.Home != "" {
		return p.Home
	}
	return "/"
}

// htmxConfig keeps htmx within our content security policy (no style element, no eval, no other origin), keeps no page in the browser's
// storage, which others who use the device could read, and lets a form that comes back with errors (422) be shown.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,` +
	`"historyCacheSize":0,"refreshOnHistoryMiss":true,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},` +
	`{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}`

// current marks the item of a navigation that is shown now; what is "page", "step" or "true".
func current(is bool, what string) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": what}
}
