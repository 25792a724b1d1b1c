package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"tekentafel/internal/access"
)

// About describes an operation.
type About struct {
	ID      string // operationId: "list-reports"
	Summary string // a sentence in English
	Tag     string // the feature
	Action  access.Action
	Status  int   // of a good answer; 0 means 200
	Body    int64 // the largest body, in bytes; 0 means 1 MiB
	// Slow lets a request take as long as an upload or a download needs.
	Slow bool
}

// Get registers an operation that changes nothing.
func Get[I, O any](a *API, path string, about About, handle func(context.Context, Caller, *I) (*O, error)) {
	register(a, http.MethodGet, path, about, handle)
}

// Post registers an operation that adds or does something.
func Post[I, O any](a *API, path string, about About, handle func(context.Context, Caller, *I) (*O, error)) {
	register(a, http.MethodPost, path, about, handle)
}

// Put registers an operation that replaces something.
func Put[I, O any](a *API, path string, about About, handle func(context.Context, Caller, *I) (*O, error)) {
	register(a, http.MethodPut, path, about, handle)
}

// Delete registers an operation that takes something away.
func Delete[I, O any](a *API, path string, about About, handle func(context.Context, Caller, *I) (*O, error)) {
	register(a, http.MethodDelete, path, about, handle)
}

func register[I, O any](a *API, method, path string, about About, handle func(context.Context, Caller, *I) (*O, error)) {
	a.tag = about.Tag
	op := huma.Operation{
		OperationID: about.ID, Method: method, Path: Prefix + path, Summary: about.Summary, Tags: []string{about.Tag},
		DefaultStatus: about.Status, MaxBodyBytes: about.Body,
		Description: "Needs a key with the scope `" + string(about.Action) + "`.",
		Security:    []map[string][]string{{scheme: {}}},
		Metadata:    map[string]any{actionKey: about.Action},
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}
	if about.Slow {
		op.BodyReadTimeout = -1
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		c := CallerOf(ctx)
		out, err := handle(ctx, c, in)
		if err != nil {
			return nil, a.status(ctx, err, c.Lang)
		}
		return out, nil
	})
}
