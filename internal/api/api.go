package api

import (
	"context"
	"embed"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Prefix is where the operations are; the number changes when an operation changes in a way that breaks scripts.
const Prefix = "/api/v1"

// API gathers operations.
type API struct {
	huma     huma.API
	mux      *http.ServeMux
	visitors web.Visitors
	server   *web.Server
	tag      string // of the operation that is being registered
}

// schemaName names a schema after its feature, so that two features may call a type the same.
func (a *API) schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	feature := a.tag
	if path := t.PkgPath(); path != "" {
		feature = path[strings.LastIndexByte(path, '/')+1:]
	}
	if feature == "" {
		return name
	}
	return strings.ToUpper(feature[:1]) + feature[1:] + name
}

// scheme is the name of the way to sign in, in the document.
const scheme = "key"

// New returns an API without operations, mounted on a server under /api/.
func New(server *web.Server, visitors web.Visitors, version string) *API {
	speakProblems()
	config := huma.DefaultConfig("Tekentafel", version)
	config.Info.Description = "Everything that HR does in the pages, a script can do. Make a key under “My security”, and send it as " +
		"`Authorization: Bearer tt_…`. Send an `Idempotency-Key` with what adds something, so that a request repeated after a lost answer is carried out once."
	config.Servers = []*huma.Server{{URL: server.PublicURL.String()}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{scheme: {Type: "http", Scheme: "bearer", Description: "A key of the interface."}}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "/api/openapi", "", ""
	config.CreateHooks = nil // no $schema in answers
	a := &API{mux: http.NewServeMux(), visitors: visitors, server: server}
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", a.schemaName)
	a.huma = humago.New(a.mux, config)
	a.huma.UseMiddleware(a.admit)
	server.Mount("/api/", http.HandlerFunc(a.serve))
	server.AnswerErrors("/api/", func(w http.ResponseWriter, r *http.Request, p *problem.Problem) {
		writeProblem(w, problemOf(p, speaks(r)))
	})
	return a
}

// OpenAPI returns the description of the operations as JSON.
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().MarshalJSON() }

// Operations lists every operation: method, path and the action that it needs.
func (a *API) Operations() []Operation {
	var list []Operation
	for path, item := range a.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				action, _ := op.Metadata[actionKey].(access.Action)
				list = append(list, Operation{Method: op.Method, Path: path, Action: action})
			}
		}
	}
	return list
}

// Operation is one operation, for tests that must not forget one.
type Operation struct {
	Method, Path string
	Action       access.Action
}

// serve answers what no operation answers with a problem, as the operations do.
func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	if _, pattern := a.mux.Handler(r); pattern == "" {
		writeProblem(w, problemOf(problem.New(problem.NotFound, locale(), "not-found", nil), speaks(r)))
		return
	}
	a.mux.ServeHTTP(w, r)
}

// Caller is who calls an operation.
type Caller struct {
	Actor access.Actor
	Org   web.Organisation
	Lang  instrument.Lang
}

type callerKey struct{}

const actionKey = "action"

// admit lets in who has a key that may do the action of the operation.
func (a *API) admit(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	w.Header().Set("Vary", "Authorization, Accept-Language")
	if a.server != nil {
		a.server.Trace(r, ctx.Operation().Method+" "+ctx.Operation().Path)
	}
	lang := speaks(r)
	visit, err := a.visitors.Visit(ctx.Context(), r)
	if err != nil {
		writeProblem(w, a.problemOf(r, err, lang))
		return
	}
	action, _ := ctx.Operation().Metadata[actionKey].(access.Action)
	switch {
	case visit.Actor.Kind != access.Key:
		w.Header().Set("WWW-Authenticate", `Bearer realm="Tekentafel"`)
		writeProblem(w, problemOf(problem.New(problem.SignIn, locale(), "key", nil), lang))
		return
	case !mayAsk(visit.Actor, action):
		writeProblem(w, problemOf(problem.New(problem.Forbidden, locale(), "scope", i18n.Args{"action": string(action)}), lang))
		return
	}
	a.server.TraceTenant(r, visit.Org.ID)
	if most := ctx.Operation().MaxBodyBytes; most > 0 {
		if r.ContentLength > most {
			writeProblem(w, problemOf(web.Explain(&http.MaxBytesError{Limit: most}), lang))
			return
		}
		r.Body = &bounded{ReadCloser: http.MaxBytesReader(w, r.Body, most)} // also for what is read part by part
	}
	next(huma.WithValue(ctx, callerKey{}, Caller{Actor: visit.Actor, Org: visit.Org, Lang: lang}))
}

// bounded is a body that remembers that it was too large: the library tells that of a form in words alone.
type bounded struct {
	io.ReadCloser
	over *http.MaxBytesError // nil while it is not
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.over == nil {
		_ = errors.As(err, &b.over)
	}
	return n, err
}

// mayAsk tells whether a key may do an action to something; the domain decides on the thing itself.
func mayAsk(actor access.Actor, action access.Action) bool {
	return access.Can(actor, action, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner, Published: true})
}

// speaks is the language of messages: the first that is asked for and spoken, else English.
func speaks(r *http.Request) instrument.Lang {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(tag, "-")
		for _, l := range instrument.Languages() {
			if strings.EqualFold(base, string(l)) {
				return l
			}
		}
	}
	return instrument.EN
}

// Asked returns the request of an Idempotency-Key.
func (c Caller) Asked(key string, what any) asked.Request {
	if key == "" {
		return asked.Request{}
	}
	return asked.Request{Key: "api:" + c.Actor.ID + ":" + key, What: what}
}

// CallerOf returns who calls; it is there in every handler.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
