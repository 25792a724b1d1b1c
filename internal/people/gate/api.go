package gate

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/people"
	"tekentafel/internal/people/mapping"
)

const tag = "staff"

// Gate is the operations on the personnel data.
type Gate struct{ people *people.Service }

// New returns the operations of a feature.
func New(s *people.Service) *Gate { return &Gate{s} }

type (
	nothing struct{}
	byID    struct {
		ID string `path:"id"`
	}
	oneBody[T any]  struct{ Body T }
	listBody[T any] struct {
		Body struct {
			Items []T    `json:"items"`
			Next  string `json:"next,omitempty" doc:"Where the next page begins; absent on the last one."`
		}
	}
	sourceRequest struct {
		Body people.SourceInput
	}
	changeSourceRequest struct {
		ID   string `path:"id"`
		Body people.SourceInput
	}
	importForm struct {
		Source     string        `form:"source" required:"true" doc:"Id of the source that the file comes from."`
		File       huma.FormFile `form:"file" required:"true" doc:"CSV or XLSX."`
		Unattended bool          `form:"unattended" required:"false" doc:"Apply it by itself when the columns are known, none is new, and nothing goes beyond the limits of the source; otherwise it waits."`
		Sheet      string        `form:"sheet" required:"false" maxLength:"100" doc:"Sheet of a workbook; absent: the one with the list."`
		HeadingRow int           `form:"heading_row" required:"false" minimum:"-1" doc:"Last row of the headings, as a spreadsheet counts; -1: there are none; absent: it is found."`
		Encoding   string        `form:"encoding" required:"false" enum:"utf-8,utf-16le,utf-16be,windows-1252,ibm850,macintosh" doc:"Of a text; absent: it is found."`
		Separator  string        `form:"separator" required:"false" maxLength:"1" doc:"Between the cells of a text; absent: it is found."`
	}
	importRequest struct {
		Key     string `header:"Idempotency-Key" maxLength:"64"`
		RawBody huma.MultipartFormFiles[importForm]
	}
	importsRequest struct {
		Source string `query:"source" doc:"Only imports of this source."`
		State  string `query:"state" enum:"received,previewed,applying,applied,undone,refused,failed" doc:"Only imports in this state."`
		Before string `query:"before" doc:"The next of the page before."`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	mapRequest struct {
		ID   string `path:"id"`
		Body struct {
			Mapping mapping.Mapping `json:"mapping"`
			Version int64           `json:"version" doc:"Of the import, as it was read."`
		}
	}
	applyRequest struct {
		ID   string `path:"id"`
		Body struct {
			Version    int64 `json:"version" doc:"Of the import, as it was read: what was looked at is what is applied."`
			AcceptLoss bool  `json:"accept_loss,omitempty" doc:"The losses that the preview names are right."`
		}
	}
	versionRequest struct {
		ID   string `path:"id"`
		Body struct {
			Version int64 `json:"version" doc:"Of the import, as it was read."`
		}
	}
	revisionsRequest struct {
		Before int64 `query:"before" minimum:"0" doc:"The next of the page before."`
		Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	undoRequest struct {
		Seq int64 `path:"seq" minimum:"1"`
	}
	pageRequest struct {
		After string `query:"after" doc:"The next of the page before."`
		Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	}
	peopleRequest struct {
		After    string `query:"after" doc:"The next of the page before."`
		Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
		Search   string `query:"q" maxLength:"200" doc:"Words with which the name, the number or the mail has a word begin."`
		Unit     string `query:"unit" doc:"Only people with a post in this unit or below it."`
		Function string `query:"function" doc:"Only people with a post of this function."`
		Service  string `query:"service" enum:"in,out,all" default:"in" doc:"Who is in service, who is out of it, or everybody."`
	}
)

// maxPart is the largest field of an upload beside its file, in bytes.
const maxPart = 4 << 10

// API registers the operations.
func (g *Gate) API(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: tag, Action: action}
	}
	status := func(about api.About, status int) api.About {
		about.Status = status
		return about
	}
	api.Get(a, "/staff/sources", about("list-staff-sources", "List the sources of personnel data.", access.ImportPeople), g.sources)
	api.Post(a, "/staff/sources", status(about("add-staff-source", "Add a source of personnel data.", access.ImportPeople), http.StatusCreated), g.addSource)
	api.Put(a, "/staff/sources/{id}", about("change-staff-source", "Change a source of personnel data.", access.ImportPeople), g.changeSource)

	api.Get(a, "/staff/imports", about("list-staff-imports", "List imports of personnel data, the newest first.", access.ImportPeople), g.imports)
	add := status(about("add-staff-import", "Bring a file with personnel data. Ask for it again until its state is previewed, or received when its columns are not known.", access.ImportPeople), http.StatusCreated)
	add.Body, add.Slow = g.people.MaxUpload+16*maxPart, true
	api.Post(a, "/staff/imports", add, g.addImport)
	api.Get(a, "/staff/imports/{id}", about("get-staff-import", "Tell how a file was read and what it would change.", access.ImportPeople), g.getImport)
	api.Put(a, "/staff/imports/{id}/mapping", about("map-staff-import", "Say what the columns of a file are, keep that for its source, and look again at what it would change.", access.ImportPeople), g.mapImport)
	api.Post(a, "/staff/imports/{id}/apply", status(about("apply-staff-import", "Start to apply a file as one change.", access.ImportPeople), http.StatusAccepted), g.apply)
	api.Post(a, "/staff/imports/{id}/refuse", about("refuse-staff-import", "Put a file aside that was not applied.", access.ImportPeople), g.refuse)

	api.Get(a, "/staff/revisions", about("list-staff-revisions", "List the changes of the personnel data, the newest first.", access.ReadPeople), g.revisions)
	api.Post(a, "/staff/revisions/{seq}/undo", status(about("undo-staff-revision", "Start to put back what a change changed. What changed again since is left as it is.", access.ChangePeople), http.StatusAccepted), g.undo)

	api.Get(a, "/staff/quality", about("get-staff-quality", "Tell how good the personnel data is, and for which conclusion. Rows are named by the ids under which the units, functions and people can be asked for, and nobody by name.", access.ReadQuality), g.quality)
	api.Get(a, "/staff/units", about("list-staff-units", "List the units that stand.", access.ReadPeople), g.units)
	api.Get(a, "/staff/functions", about("list-staff-functions", "List the functions that stand.", access.ReadPeople), g.functions)
	api.Get(a, "/staff/units/{id}", about("get-staff-unit", "Tell of a unit that stands.", access.ReadPeople), g.unit)
	api.Get(a, "/staff/functions/{id}", about("get-staff-function", "Tell of a function that stands.", access.ReadPeople), g.function)
	api.Get(a, "/staff/people/{id}", about("get-staff-person", "Tell of a person, without birth year and staff number. They can see that the owner of the key looked.", access.ReadPeople), g.person)
	api.Get(a, "/staff/people", about("list-staff-people", "List people, without birth year and staff number. Everyone on the page can see that the owner of the key looked.", access.ReadPeople), g.list)
}
