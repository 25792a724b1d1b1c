package scim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// Prefix is where the interface is. A directory is given the public address of the product with this behind it.
const Prefix = "/scim/v2"

// mediaType is the form of every answer (RFC 7644, section 3.1).
const mediaType = "application/scim+json"

// The largest bodies, in bytes. A group is replaced with all its members.
const (
	largestBody  = 1 << 20
	largestGroup = 16 << 20
)

// service answers requests.
type service struct {
	server    *web.Server
	visitors  web.Visitors
	directory Directory
	action    access.Action
	base      string
}

// Mount serves a directory below Prefix. Callers sign in with a key of the interface that may do action, never with a session. The
// handler takes no cookies, so a page of another site can do nothing with it.
func Mount(server *web.Server, visitors web.Visitors, d Directory, action access.Action) {
	s := &service{server, visitors, d, action, strings.TrimSuffix(server.PublicURL.JoinPath(Prefix).String(), "/")}
	server.Mount(Prefix+"/", s)
	server.AnswerErrors(Prefix+"/", func(w http.ResponseWriter, _ *http.Request, p *problem.Problem) {
		writeError(w, ofProblem(p, nil))
	})
}

// ask is a request on its way.
type ask struct {
	*http.Request
	caller Caller
	kind   Kind   // of the resource, "" for all
	id     string // of the resource
}

// answer is what goes back.
type answer struct {
	status int
	body   any     // nil for none
	record *Record // the only resource that it is about, for its headers
}

type handler func(*service, ask) (answer, error)

// ServeHTTP implements http.Handler.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Authorization")
	a := ask{Request: r}
	handle, pattern, allow := s.route(&a)
	s.server.Trace(r, r.Method+" "+pattern)
	out, err := s.run(r.Context(), w, &a, handle, allow)
	if err != nil {
		e := explain(err)
		if e.Status >= http.StatusInternalServerError && e.Cause != nil {
			s.server.TraceError(r.Context(), e.Cause)
		}
		if e.Status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer realm="Tekentafel"`)
		}
		if e.Status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", allow)
		}
		writeError(w, e)
		return
	}
	if out.record != nil {
		w.Header().Set("ETag", out.record.etag())
		w.Header().Set("Location", out.record.location(s.base))
	}
	write(w, out.status, out.body)
}

// run lets the caller in and answers.
func (s *service) run(ctx context.Context, w http.ResponseWriter, a *ask, handle handler, allow string) (answer, error) {
	visit, err := s.visitors.Visit(ctx, a.Request)
	if err != nil {
		return answer{}, err
	}
	if visit.Actor.Kind != access.Key {
		return answer{}, &Error{Status: http.StatusUnauthorized, Detail: "Send a key of the interface: Authorization: Bearer tt_…"}
	}
	if !access.Can(visit.Actor, s.action, access.Resource{Tenant: visit.Actor.Tenant}) {
		e := wrongCaller()
		e.Detail = "The key needs the scope " + string(s.action) + ", and its owner the right to it."
		return answer{}, e
	}
	s.server.TraceTenant(a.Request, visit.Actor.Tenant)
	if handle == nil {
		if allow != "" {
			return answer{}, &Error{Status: http.StatusMethodNotAllowed, Detail: "This address takes " + allow + "."}
		}
		return answer{}, notFound()
	}
	a.caller = Caller{Actor: visit.Actor, Base: s.base}
	most := int64(largestBody)
	if a.kind == Groups {
		most = largestGroup
	}
	a.Body = http.MaxBytesReader(w, a.Body, most)
	return handle(s, *a)
}

// route finds what answers a request, its pattern for the log, and which methods an address takes.
func (s *service) route(a *ask) (handle handler, pattern, allow string) {
	parts := strings.Split(strings.Trim(strings.TrimPrefix(a.URL.Path, Prefix), "/"), "/")
	first := parts[0]
	pattern = Prefix + "/" + first
	methods := map[string]handler{}
	switch {
	case len(parts) == 1 && (first == "Bulk" || first == "Me"):
		return (*service).unsupported, pattern, ""
	case len(parts) == 1 && first == ".search":
		methods[http.MethodPost] = (*service).searchAll
	case len(parts) <= 2 && (first == "ServiceProviderConfig" || first == "ResourceTypes" || first == "Schemas"):
		if len(parts) == 2 {
			a.id, pattern = parts[1], pattern+"/{id}"
		}
		methods[http.MethodGet] = map[string]handler{
			"ServiceProviderConfig": (*service).config, "ResourceTypes": (*service).types, "Schemas": (*service).schemas,
		}[first]
	case len(parts) <= 2 && (first == "Users" || first == "Groups"):
		a.kind = map[string]Kind{"Users": Users, "Groups": Groups}[first]
		switch {
		case len(parts) == 1:
			methods[http.MethodGet], methods[http.MethodPost] = (*service).list, (*service).create
		case parts[1] == ".search":
			pattern += "/.search"
			methods[http.MethodPost] = (*service).search
		default:
			a.id, pattern = parts[1], pattern+"/{id}"
			methods = map[string]handler{
				http.MethodGet: (*service).get, http.MethodPut: (*service).replace, http.MethodPatch: (*service).patch, http.MethodDelete: (*service).remove,
			}
		}
	default:
		return nil, Prefix + "/", ""
	}
	var takes []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if methods[m] != nil {
			takes = append(takes, m)
		}
	}
	return methods[a.Method], pattern, strings.Join(takes, ", ")
}

func (s *service) unsupported(ask) (answer, error) {
	return answer{}, &Error{Status: http.StatusNotImplemented, Detail: "This is not supported; /ServiceProviderConfig says what is."}
}

// body reads the object that a request sends. Its schemas, when it says some, must name want.
func (a ask) body(want string) (map[string]any, error) {
	if given := a.Header.Get("Content-Type"); given != "" {
		kind, _, err := mime.ParseMediaType(given)
		if err != nil || kind != mediaType && kind != "application/json" {
			return nil, &Error{Status: http.StatusUnsupportedMediaType, Detail: "Send " + mediaType + "."}
		}
	}
	raw, err := io.ReadAll(a.Body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, tooLarge()
	}
	if err != nil {
		return nil, &Error{Status: http.StatusBadRequest, Type: InvalidSyntax, Detail: "The body broke off.", Cause: err}
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v map[string]any
	if err := dec.Decode(&v); err != nil || v == nil {
		return nil, wrong(InvalidSyntax, "The body is no JSON object.")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, wrong(InvalidSyntax, "Something stands behind the JSON object.")
	}
	schemas := present(pick(v, "schemas"))
	named := len(schemas) == 0
	for _, x := range schemas {
		text, _ := x.(string)
		named = named || strings.EqualFold(text, want)
	}
	if !named {
		return nil, wrong(InvalidSyntax, "schemas does not name %s.", want)
	}
	return v, nil
}

// selected reads which attributes the answer has.
func (a ask) selected() (selection, error) {
	q := a.URL.Query()
	return newSelection(listed(q.Get("attributes")), listed(q.Get("excludedAttributes")))
}

func listed(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func write(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body) // the caller may have left
}

func writeError(w http.ResponseWriter, e *Error) {
	body := map[string]any{"schemas": []string{errorMessage}, "status": strconv.Itoa(e.Status), "detail": e.Detail}
	if e.Type != "" {
		body["scimType"] = e.Type
	}
	if e.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.Retry))
	}
	write(w, e.Status, body)
}
