package store

import (
	"context"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

// PostsWith returns the posts of functions at a revision, in order of id.
func PostsWith(ctx context.Context, r db.Reader, at int64, functions []string) ([]org.Post, error) {
	var out []org.Post
	for part := range slices.Chunk(functions, idRows) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		posts, err := where[org.Post](ctx, r, at, `function_id IN (`+holders(3, len(part))+`) ORDER BY id`, args...)
		if err != nil {
			return nil, err
		}
		out = append(out, posts...)
	}
	return out, nil
}

// ManagedBy returns the people whose manager somebody is at a revision, in order of id.
func ManagedBy(ctx context.Context, r db.Reader, at int64, person string) ([]org.Person, error) {
	return where[org.Person](ctx, r, at, `manager_id = $3 AND manager_id <> '' ORDER BY id`, person)
}
